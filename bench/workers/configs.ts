import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { unstable_readConfig } from "wrangler";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The Worker under test, as it is deployed. */
export const OURS = join(root, "wrangler.jsonc");

/** An entry that stands in for the Worker's own, with the same settings and bindings. */
export const testEntry = (name: string) => join(root, "test/support/entries", `${name}.ts`);

const KV = { kv_namespaces: [{ binding: "OAUTH_KV" }] };

const COMPARED = {
  floor: { main: "bench/floor/index.ts", kv_namespaces: [{ binding: "VALUES" }] },
  "stock-stateless": { main: "bench/stock/stateless.ts", ...KV },
  "stock-session": {
    main: "bench/stock/session.ts",
    ...KV,
    durable_objects: { bindings: [{ name: "MCP_OBJECT", class_name: "SessionAgent" }] },
    migrations: [{ tag: "v1", new_sqlite_classes: ["SessionAgent"] }],
  },
};

export type ComparedWorker = keyof typeof COMPARED;

/** Writes a compared Worker's configuration: its own bindings, our date and flags. */
export async function configOf(name: ComparedWorker, folder: string): Promise<string> {
  const { compatibility_date, compatibility_flags } = unstable_readConfig({ config: OURS });
  const { main, ...bindings } = COMPARED[name];
  await mkdir(folder, { recursive: true });
  const path = join(folder, "wrangler.json");
  const config = {
    name,
    main: join(root, main),
    compatibility_date,
    compatibility_flags,
    ...bindings,
  };
  await writeFile(path, JSON.stringify(config, undefined, 2));
  return path;
}
