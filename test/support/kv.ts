import type { TestServer } from "./server.ts";

/** As much of the KV namespace as tests use. */
export interface Kv {
  get(key: string): Promise<string | null>;
  put(
    key: string,
    value: string,
    options?: { expirationTtl: number } | { expiration: number; metadata: unknown },
  ): Promise<void>;
  delete(key: string): Promise<void>;
  list(options: { prefix: string }): Promise<{ keys: { name: string; metadata?: unknown }[] }>;
}

/** Where the OAuth library keeps what it knows, for tests that look at it or move its clocks. */
export async function kvOf({ harness }: Pick<TestServer, "harness">): Promise<Kv> {
  return (await harness.getWorker<{ OAUTH_KV: Kv }>().getEnv()).OAUTH_KV;
}
