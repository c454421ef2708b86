import { spawn } from "node:child_process";
import { once } from "node:events";

import type { Shell } from "../shell.ts";
import { OFFLINE } from "./installed-program.ts";

const RUN_TIMEOUT_MS = 75_000;

/** Runs a program in a shell's home, and returns what it printed. Throws when it ends with an error. */
export async function runProgram(
  { home, env }: Pick<Shell, "home" | "env">,
  program: string,
  args: readonly string[],
  { more = {}, stdin = "ignore" }: { more?: NodeJS.ProcessEnv; stdin?: "ignore" | "pipe" } = {},
): Promise<string> {
  const child = spawn(program, args, {
    cwd: home,
    env: { ...env, ...OFFLINE, ...more },
    stdio: [stdin, "pipe", "pipe"],
    timeout: RUN_TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  let printed = "";
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  }
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${program} ${args[0]} ended with ${code}: ${printed}`);
  return printed;
}
