import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";

import { ensureInstalled } from "./ensure-installed.mjs";
import { root, runOnOurNode } from "./run-child.mjs";

const [name = "", ...rest] = process.argv.slice(2);

process.exitCode = 1;
if (name === "") {
  console.error("Name what to run: node scripts/run.mjs vitest run");
} else if (await ensureInstalled()) {
  const script = scriptOf(name);
  if (script) await runOnOurNode([script, ...rest], { cwd: process.cwd() });
  else console.error(`Neither node_modules/.bin/${name} nor scripts/${name}.ts exists.`);
}

function scriptOf(command) {
  const own = join(root, "scripts", `${command}.ts`);
  const bin = join(root, "node_modules", ".bin", command);
  if (existsSync(bin)) return realpathSync(bin);
  return existsSync(own) ? own : undefined;
}
