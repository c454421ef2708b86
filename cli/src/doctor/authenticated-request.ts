import type { FetchLike } from "@modelcontextprotocol/client";

import { BridgeError } from "../bridge-error.ts";
import { refusalOf } from "../http/refusal.ts";
import type { TokenSource } from "../tokens/token-source.ts";
import type { Outcome } from "./chart.ts";
import { type FirstAnswer, firstAnswer } from "./first-answer.ts";
import { frontDoorOf } from "./front-door.ts";
import type { Patient } from "./patient.ts";

/** Whether the server lets a request with the token in. `send` puts the token on it. */
export async function askWithToken(
  patient: Patient,
  source: TokenSource,
  send: FetchLike,
): Promise<Outcome<FirstAnswer>> {
  const answer = await firstAnswer(patient, send);
  const { response, status } = answer;
  const refusal = refusalOf(response, undefined);
  const door = frontDoorOf(response, patient.url);
  if (refusal || door) {
    throw new BridgeError(`The server let nobody in (HTTP ${status}).`, {
      advice: door?.advice ?? (refusal && source.advice(refusal)),
    });
  }
  if (!response.ok) {
    throw new BridgeError(`The server let the request in, and answered HTTP ${status}.`, {
      advice: "Look at the server's log.",
    });
  }
  return { says: `HTTP ${status}.`, facts: { status, transport: answer.transport }, value: answer };
}
