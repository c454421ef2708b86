import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Everything that can be said of the code without running it: `npm run check`. */
const CHECKS: readonly [what: string, command: string, ...args: string[]][] = [
  ["lock file", "node", "scripts/complete-lock.ts", "--check"],
  ["generated types", "wrangler", "types", "--check"],
  ["format", "oxfmt", "--check", "."],
  ["lint", "oxlint", "--deny-warnings"],
  ["types", "tsc", "-b"],
  ["dead code", "knip"],
  ["generated documentation", "node", "scripts/docs.ts", "--check"],
  ["bundle", "node", "scripts/check-bundle.ts"],
  ["links in documents", "node", "scripts/check-doc-links.ts"],
];

const root = fileURLToPath(new URL("..", import.meta.url));
const failed: string[] = [];

for (const [what, command, ...args] of CHECKS) {
  const options = { cwd: root, encoding: "utf8", shell: false } as const;
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  console.log(`${status === 0 ? "ok  " : "FAIL"} ${what}`);
  if (status === 0) continue;
  failed.push(what);
  console.error([error?.message, stdout, stderr].filter(Boolean).join("\n"));
}

if (failed.length > 0) {
  console.error(`Not right yet: ${failed.join(", ")}.`);
  process.exitCode = 1;
}
