import { existsSync } from "node:fs";
import { join } from "node:path";

import { ensureInstalled } from "./ensure-installed.mjs";
import { bin, root, runOnOurNode } from "./run-child.mjs";

const [name = "", ...rest] = process.argv.slice(2);

process.exitCode = 1;
if (name === "") {
  console.error("Name what to run: node scripts/run.mjs vitest run");
} else if (await ensureInstalled()) {
  const program = join(bin, name);
  const script = join(root, "scripts", `${name}.ts`);
  if (existsSync(program)) await runOnOurNode(program, rest);
  else if (existsSync(script)) await runOnOurNode(join(bin, "node"), [script, ...rest]);
  else console.error(`Neither node_modules/.bin/${name} nor scripts/${name}.ts exists.`);
}
