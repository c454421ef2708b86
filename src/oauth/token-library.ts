import type { OAuthAuthorizationServer } from "@cloudflare/workers-oauth-provider";

import { type Config, loadConfig } from "../config.ts";
import { steadyKv } from "../storage.ts";
import { authorizationServer } from "./authorization-server.ts";
import { GrantStore } from "./grant-store.ts";

/** What the library may wait for KV; before that, `/token` may have waited nearly as long. */
const STORAGE_MS = 5_000;

/** The OAuth library's `/token`, inside a Durable Object. */
export class TokenLibrary {
  readonly #ctx: DurableObjectState;
  readonly #env: Env;
  readonly #config: Config;
  readonly #store = new GrantStore();
  #server: { readonly origin: string; readonly api: OAuthAuthorizationServer<Env> } | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    this.#ctx = ctx;
    this.#env = env;
    this.#config = loadConfig(env);
  }

  /** What the library answers to a request whose form was read already. */
  answer({ url, method, headers }: Request, form: URLSearchParams): Promise<Response> {
    const request = new Request(url, { method, headers, body: form });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `/token` hands it to nobody.
    const ctx = this.#ctx as unknown as ExecutionContext;
    return this.#at(new URL(url).origin).fetch(request, this.#steadyEnv(), ctx);
  }

  /**
   * Lets the library authenticate the client of a request, and do no more: revoking an unknown
   * token succeeds for a client that has proved who it is (RFC 7009, section 2.2).
   */
  authenticate(request: Request, form: URLSearchParams): Promise<Response> {
    const proof = new URLSearchParams(form);
    proof.delete("grant_type");
    proof.set("token", "unknown");
    return this.answer(request, proof);
  }

  /** Deletes a grant and all its tokens. */
  revokeGrant(origin: string, userId: string, grantId: string): Promise<void> {
    return this.#at(origin).getOAuthApi(this.#steadyEnv()).revokeGrant(grantId, userId);
  }

  /** Whether a grant is still there. */
  async knowsGrant(userId: string, grantId: string): Promise<boolean> {
    return (await this.#steadyEnv().OAUTH_KV.get(`grant:${userId}:${grantId}`)) !== null;
  }

  #steadyEnv(): Env {
    const kv = steadyKv(this.#env.OAUTH_KV, STORAGE_MS);
    return { ...this.#env, OAUTH_KV: this.#store.over(kv) };
  }

  #at(origin: string): OAuthAuthorizationServer<Env> {
    if (this.#server?.origin !== origin) {
      this.#server = { origin, api: authorizationServer(origin, this.#config) };
    }
    return this.#server.api;
  }
}
