import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
export const bin = join(root, "node_modules", ".bin");

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Runs a program on our terminal, passes signals on, and tells how it ended and what it was asked. */
export function run(command, words, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, words, { cwd: root, stdio: "inherit", ...options });
    let asked;
    const passOn = (signal) => {
      asked = signal;
      // A terminal sends Ctrl-C to the child as well; a second one would mean "force".
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    };
    const stopWatching = watchForOrphaning(() => child.kill("SIGTERM"));
    const finish = (ending) => {
      stopWatching();
      for (const signal of SIGNALS) process.off(signal, passOn);
      resolve({ ...ending, asked });
    };
    for (const signal of SIGNALS) process.on(signal, passOn);
    child.once("error", (error) => finish({ code: 1, signal: null, error }));
    child.once("exit", (code, signal) => finish({ code, signal }));
  });
}

/** The shell that npm puts between itself and us dies of a signal without passing it on. */
function watchForOrphaning(onOrphaned) {
  if (!process.env.npm_lifecycle_event) return () => undefined;
  const parent = process.ppid;
  const timer = setInterval(() => process.ppid !== parent && onOrphaned(), 200);
  return () => clearInterval(timer);
}

/** Runs a program of node_modules/.bin so that it finds the Node.js there first. Sets our exit code. */
export async function runOnOurNode(program, words, options = {}) {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` };
  const { code, signal, error } = await run(program, words, { env, ...options });
  if (error) console.error(`${program} cannot start (${error.message}). Run npm ci.`);
  process.exitCode = signal ? 128 + constants.signals[signal] : code;
}
