import { Command, CommanderError } from "commander";

import { BridgeError } from "./bridge-error.ts";
import { withConnectionOptions } from "./options.ts";

/**
 * Checks arguments of `run` before they are written where nobody sees what becomes of them. Throws
 * `BridgeError` for those that `run` would refuse.
 */
export function checkRunArguments(url: string, more: readonly string[]): void {
  const command = withConnectionOptions(new Command("run"))
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  try {
    command.parse(["--url", url, ...more], { from: "user" });
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause;
    throw new BridgeError(`The bridge would not start: ${cause.message.replace("error: ", "")}.`, {
      cause,
      advice: "mcp-bridge run --help lists its options.",
    });
  }
}
