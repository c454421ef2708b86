import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { NODE } from "./shell.ts";
import type { TestStack } from "./stack.ts";

const COMMAND = fileURLToPath(new URL("../../scripts/token.ts", import.meta.url));

/** `npm run token -- …` where a stack keeps its state. Returns what it printed on standard output. */
export async function tokenCommand(
  { stateDir }: Pick<TestStack, "stateDir">,
  ...words: string[]
): Promise<string> {
  const args = [COMMAND, ...words, "--persist-to", stateDir];
  const { stdout } = await promisify(execFile)(NODE, args);
  return stdout.trim();
}
