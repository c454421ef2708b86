import type { FetchLike } from "@modelcontextprotocol/client";

import { BridgeError } from "../bridge-error.ts";
import { authorizedFetch } from "../http/authorized-fetch.ts";
import { refusalOf } from "../http/refusal.ts";
import type { TokenSource } from "../tokens/token-source.ts";
import type { Outcome } from "./chart.ts";
import { type FirstAnswer, firstAnswer } from "./first-answer.ts";
import { frontDoorOf } from "./front-door.ts";
import type { Patient } from "./patient.ts";

/** A way in that was seen to work. */
export interface Entrance {
  readonly transport: FirstAnswer["transport"];
  /** Reaches the server with its token. */
  readonly fetch: FetchLike;
}

/** What a server says that was reached and has no session for this client, as one of 2026-07-28 alone. */
const BAD_REQUEST = 400;

/** Whether the server lets a request with the source's token in. */
export async function askWithToken(
  patient: Patient,
  source: TokenSource,
): Promise<Outcome<Entrance>> {
  const fetch = authorizedFetch(source, patient.sendToServer);
  const { response, status, transport } = await firstAnswer(patient, fetch);
  const refusal = refusalOf(response, undefined);
  const door = frontDoorOf(response, patient.url);
  if (refusal || door) {
    throw new BridgeError(`The server let nobody in (HTTP ${status}).`, {
      advice: door?.advice ?? (refusal && source.advice(refusal)),
    });
  }
  if (!response.ok && status !== BAD_REQUEST) {
    throw new BridgeError(`The server let the request in, and answered HTTP ${status}.`, {
      advice: "Look at the server's log.",
    });
  }
  return { says: `HTTP ${status}.`, facts: { status, transport }, value: { transport, fetch } };
}
