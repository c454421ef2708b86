import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { banner } from "./banner.ts";
import { endSignal } from "./end-signals.ts";
import { portFrom } from "./ports.ts";
import { startStack } from "./stack.ts";
import { StartError } from "./start-error.ts";
import { readVars } from "./vars.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const ending = endSignal();
// A terminal that was closed takes no more lines, and that is no reason to crash.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

try {
  await runUntil(ending);
} catch (error) {
  if (!ending.aborted) {
    console.error(error instanceof StartError ? error.message : error);
    process.exitCode = 1;
  }
}
process.exit();

async function runUntil(signal: AbortSignal): Promise<void> {
  const stack = await startStack({
    port: portFrom("PORT", 8788),
    emulatorPort: portFrom("GITHUB_EMULATOR_PORT", 4001),
    stateDir: join(root, ".wrangler", "state"),
    vars: readVars(join(root, ".dev.vars")),
    onLog: (line) => console.log(line),
    signal,
  });
  if (!signal.aborted) console.log(banner(stack));
  const asked = signal.aborted ? undefined : once(signal, "abort").then(() => undefined);
  const ended = await Promise.race([stack.ended, asked]);
  await stack.close();
  if (ended) throw new StartError(`The Worker is gone: wrangler ${ended}.`);
}
