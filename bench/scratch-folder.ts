import { rmSync } from "node:fs";
import { mkdtemp, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Linux keeps in main memory what lies here. */
const IN_MEMORY = "/dev/shm";

/** In bytes: several times what a whole run writes. */
const ROOM = 2 * 1024 ** 3;

/** Where files can be kept in main memory, if this system has such a place with room in it. */
export async function folderInMemory(): Promise<string | undefined> {
  try {
    const { bavail, bsize } = await statfs(IN_MEMORY);
    return bavail * bsize >= ROOM ? IN_MEMORY : undefined;
  } catch {
    return undefined;
  }
}

/** Lends `use` a folder that is gone afterwards. */
export async function withScratchFolder<Result>(
  use: (folder: string) => Promise<Result>,
  parent = tmpdir(),
): Promise<Result> {
  const folder = await mkdtemp(join(parent, "github-mcp-worker-bench-"));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  // Miniflare ends this process at Ctrl-C, without waiting for what is under way.
  process.once("exit", remove);
  try {
    return await use(folder);
  } finally {
    process.off("exit", remove);
    remove();
  }
}
