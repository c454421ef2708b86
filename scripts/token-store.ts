import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import {
  type KvEntry,
  SERVICE_TOKEN_KEYS,
  type ServiceTokenFacts,
  serviceTokenKey,
  serviceTokenUseKey,
} from "./service-token.ts";
import { StartError } from "./start-error.ts";
import type { Place } from "./token-arguments.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const WRANGLER = join(root, "node_modules", "wrangler", "bin", "wrangler.js");

/** Beside the caller's own, which has the credentials for `--remote`. */
const QUIET = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_NO_SKILLS_UPDATE_PROMPTS: "true",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_WRITE_LOGS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

/** A token as it is listed. */
export interface ListedToken extends ServiceTokenFacts {
  readonly id: string;
  /** To the hour, in seconds since 1970; absent for one that was never used. */
  readonly lastUsedAt?: number | undefined;
}

interface ListedKey {
  readonly name: string;
  readonly metadata?: unknown;
}

export interface TokenStore {
  list(): Promise<ListedToken[]>;
  put(entry: KvEntry): Promise<void>;
  delete(id: string): Promise<void>;
}

/** The KV of the local state, or of the deployed Worker, through wrangler. Throws {@link StartError}. */
export function tokenStore({ isRemote, stateDir }: Place): TokenStore {
  const local = stateDir === undefined ? ["--local"] : ["--local", "--persist-to", stateDir];
  const place = ["--binding", "OAUTH_KV", ...(isRemote ? ["--remote"] : local)];
  const kv = (...words: string[]) => wrangler(["kv", ...words, ...place]);
  return {
    async list() {
      const output = await kv("key", "list", "--prefix", SERVICE_TOKEN_KEYS);
      return tokensOf(JSON.parse(output) as ListedKey[]);
    },
    put: (entry) => withFile([entry], (file) => kv("bulk", "put", file)),
    delete: (id) =>
      withFile([serviceTokenKey(id), serviceTokenUseKey(id)], (file) =>
        kv("bulk", "delete", file, "--force"),
      ),
  };
}

/** All facts are in metadata, so one request tells of every token. */
function tokensOf(keys: readonly ListedKey[]): ListedToken[] {
  const metadata = new Map(keys.map((key) => [key.name, key.metadata]));
  const ids = keys.flatMap(({ name }) => {
    const id = name.split(":")[1] ?? "";
    return name === serviceTokenKey(id) ? [id] : [];
  });
  const tokens = ids.map((id) => {
    const facts = metadata.get(serviceTokenKey(id)) as ServiceTokenFacts;
    const use = metadata.get(serviceTokenUseKey(id)) as { at: number } | undefined;
    return { id, ...facts, lastUsedAt: use?.at };
  });
  return tokens.toSorted((one, other) => one.createdAt - other.createdAt);
}

/** Wrangler reads records from a file, where no list of processes shows them. */
async function withFile(content: unknown, work: (file: string) => Promise<unknown>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "github-mcp-worker-token-"));
  try {
    const file = join(folder, "kv.json");
    await writeFile(file, JSON.stringify(content), { mode: 0o600 });
    await work(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function wrangler(words: readonly string[]): Promise<string> {
  const options = { cwd: root, env: { ...process.env, ...QUIET } };
  try {
    const child = await promisify(execFile)(process.execPath, [WRANGLER, ...words], options);
    return child.stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new StartError(`wrangler ${words.slice(0, 3).join(" ")} failed.\n${stdout}${stderr}`);
  }
}
