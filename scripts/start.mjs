import { join } from "node:path";

import { ensureInstalled } from "./ensure-installed.mjs";
import { bin, root, runOnOurNode } from "./run-child.mjs";

if (await ensureInstalled()) {
  // The channel tells the stack when this process is gone, however it ended.
  const stdio = ["inherit", "inherit", "inherit", "ipc"];
  await runOnOurNode(join(bin, "node"), [join(root, "scripts", "dev.ts")], { stdio });
} else {
  process.exitCode = 1;
}
