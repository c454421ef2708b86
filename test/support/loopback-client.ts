import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import {
  authorizeUrl,
  pkce,
  registerClient,
  type RegisteredClient,
  tokenRequest,
  type Tokens,
} from "./sign-in.ts";
import type { TestStack } from "./stack.ts";

/** A client program on this computer: it registers itself, and listens where it is called back. */
export interface LoopbackClient {
  readonly redirectUri: string;
  /** What it opens in the person's browser. */
  readonly authorizeUrl: string;
  readonly state: string;
  /** Where the browser called it back, in order. */
  readonly calledBack: readonly URL[];
  redeem(code: string): Promise<Tokens>;
  close(): Promise<void>;
}

export interface LoopbackClientOptions {
  /** Another spelling of where the server is. */
  url?: string;
  name?: string;
  scope?: string;
}

export async function startLoopbackClient(
  stack: TestStack,
  { url = stack.url, name = "Desktop app", scope }: LoopbackClientOptions = {},
): Promise<LoopbackClient> {
  const site = { url, github: stack.github };
  const calledBack: URL[] = [];
  const server = createServer(({ url: path = "/" }, response) => {
    if (path.startsWith("/callback")) calledBack.push(new URL(path, redirectUri));
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(
      '<!doctype html><link rel="icon" href="data:,"><title>Signed in</title><h1>Back in the app</h1>',
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
  const client: RegisteredClient = await registerClient(site, {
    client_name: name,
    redirect_uris: [redirectUri],
  });
  const { verifier, challenge } = pkce();
  const state = "the state of this client";
  return {
    redirectUri,
    state,
    calledBack,
    authorizeUrl: authorizeUrl(site, {
      client_id: client.client_id,
      redirect_uri: redirectUri,
      code_challenge: challenge,
      resource: `${url}/mcp`,
      state,
      scope,
    }),
    async redeem(code) {
      const response = await tokenRequest(site, {
        grant_type: "authorization_code",
        client_id: client.client_id,
        redirect_uri: redirectUri,
        code,
        code_verifier: verifier,
      });
      if (!response.ok) throw new Error(`/token answered ${response.status}.`);
      return (await response.json()) as Tokens;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
