import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const NAMESPACE = "fedcba9876543210fedcba9876543210";
const KV = `/accounts/${ACCOUNT}/storage/kv/namespaces/${NAMESPACE}`;

interface Entry {
  readonly key: string;
  readonly value: string;
  readonly expiration?: number;
  readonly metadata?: unknown;
}

/** As much of Cloudflare's API as `wrangler kv --remote` asks, with one Worker and its namespace. */
export interface CloudflareApi {
  /** What makes wrangler ask here. */
  readonly env: Readonly<Record<string, string>>;
  /** Every request, with its body, as it arrived. */
  readonly requests: readonly string[];
  readonly entries: ReadonlyMap<string, Entry>;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

export async function startCloudflareApi(workerName: string): Promise<CloudflareApi> {
  const requests: string[] = [];
  const entries = new Map<string, Entry>();

  /** The result of a request; `undefined` for one that is not known here. */
  function resultOf(what: string, query: URLSearchParams, body: string): unknown {
    switch (what) {
      case `GET /accounts/${ACCOUNT}/workers/scripts/${workerName}/settings`:
        return { bindings: [{ type: "kv_namespace", name: "OAUTH_KV", namespace_id: NAMESPACE }] };
      case `GET ${KV}/keys`:
        return Array.from(entries.values())
          .filter(({ key }) => key.startsWith(query.get("prefix") ?? ""))
          .map(({ key: name, expiration, metadata }) => ({ name, expiration, metadata }));
      case `PUT ${KV}/bulk`:
        for (const entry of JSON.parse(body) as Entry[]) entries.set(entry.key, entry);
        return {};
      case `DELETE ${KV}/bulk`:
        for (const key of JSON.parse(body) as string[]) entries.delete(key);
        return {};
      default:
        return undefined;
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const what = `${request.method} ${pathname}`;
    const body = await bodyOf(request);
    requests.push(`${what} ${searchParams.toString()} ${body}`);
    const result = resultOf(what, searchParams, body);
    const isKnown = result !== undefined;
    const errors = isKnown ? [] : [{ code: 7003, message: `Nothing is at ${pathname}.` }];
    response.writeHead(isKnown ? 200 : 404, { "content-type": "application/json" });
    response.end(
      JSON.stringify({ success: isKnown, errors, messages: [], result: result ?? null }),
    );
  }

  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}`,
      CLOUDFLARE_API_TOKEN: "a token of Cloudflare",
      CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
    },
    requests,
    entries,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
