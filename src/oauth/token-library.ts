import type { OAuthAuthorizationServer } from "@cloudflare/workers-oauth-provider";

import { authorizationServer } from "./authorization-server.ts";

/** The OAuth library's `/token`, inside a Durable Object. */
export class TokenLibrary {
  readonly #ctx: DurableObjectState;
  readonly #env: Env;
  #server: { readonly origin: string; readonly api: OAuthAuthorizationServer<Env> } | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    this.#ctx = ctx;
    this.#env = env;
  }

  /** What the library answers to a request whose form was read already. */
  answer({ url, method, headers }: Request, form: URLSearchParams): Promise<Response> {
    const request = new Request(url, { method, headers, body: form });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `/token` hands it to nobody.
    const ctx = this.#ctx as unknown as ExecutionContext;
    return this.#at(new URL(url).origin).fetch(request, this.#env, ctx);
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
    return this.#at(origin).getOAuthApi(this.#env).revokeGrant(grantId, userId);
  }

  #at(origin: string): OAuthAuthorizationServer<Env> {
    if (this.#server?.origin !== origin) {
      this.#server = { origin, api: authorizationServer(origin) };
    }
    return this.#server.api;
  }
}
