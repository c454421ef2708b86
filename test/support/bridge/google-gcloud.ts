import { readFileSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A `gcloud` in a folder of its own. */
export interface Gcloud {
  readonly folder: string;
  /** What makes programs find it, and what its script needs. */
  readonly env: Readonly<Record<string, string>>;
  /** What it was called with so far, a line a call. */
  calls(): string[];
  remove(): Promise<void>;
}

/** `body` is a shell script, which is run once the call was noted. */
export async function writeGcloud(body: string): Promise<Gcloud> {
  const folder = await mkdtemp(join(tmpdir(), "github-mcp-worker-gcloud-"));
  const calls = join(folder, "calls");
  await writeFile(calls, "");
  await writeFile(join(folder, "gcloud"), `#!/bin/sh\necho "$@" >> '${calls}'\n${body}\n`);
  await chmod(join(folder, "gcloud"), 0o755);
  return {
    folder,
    env: { PATH: [folder, "/usr/bin", "/bin"].join(delimiter) },
    calls: () => readFileSync(calls, "utf8").split("\n").filter(Boolean),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
