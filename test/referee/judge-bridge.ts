import { fileURLToPath } from "node:url";

import { buildBridge } from "../support/built-bridge.ts";
import { conformance } from "./conformance.ts";
import type { Scenario } from "./scenario.ts";

const CLIENT = fileURLToPath(new URL("bridge/client.ts", import.meta.url));

/** A bridge is two processes and a browser a third, many scenarios at once. */
const CLIENT_TIMEOUT_MS = 120_000;

/** The referee's scenarios for clients, in which the client is the bridge. */
export async function judgeBridge(revision: string): Promise<Scenario[]> {
  await buildBridge();
  const set = ["--requirements", revision];
  const command = ["--command", `${process.execPath} ${CLIENT}`];
  const timeout = ["--timeout", String(CLIENT_TIMEOUT_MS)];
  return conformance({ leg: "client", list: set, run: ["client", ...command, ...timeout, ...set] });
}
