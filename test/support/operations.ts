import { grantIdOf, type AccountVisitor, visitAccount } from "./account.ts";
import { Browser, handleOf, locationOf } from "./browser.ts";
import { statelessHeaders, statelessMessage } from "./mcp-roads.ts";
import { INITIALIZE, openSession, openSse, send, toolCall } from "./rpc.ts";
import type { TestServer } from "./server.ts";
import { authorizeUrl, pkce, registerClient, signIn, tokenRequest } from "./sign-in.ts";
import { newCode } from "./token-answer.ts";

type Site = Pick<TestServer, "url" | "github">;

/** Does what was prepared, once. */
export type Act = () => Promise<Response>;

/** Who is answered, and so in which words a failure is told. */
export type Audience = "program" | "mcp" | "person";

/** Something that somebody does with the server. */
export interface Operation {
  readonly name: string;
  readonly audience: Audience;
  /** The status of success. */
  readonly status: number;
  /** What it asks of KV, its objects included. */
  readonly kv: readonly ("get" | "put" | "list" | "delete")[];
  readonly objects: readonly ("session" | "account" | "grant" | "once")[];
  prepare(site: Site): Promise<Act>;
}

const LOGIN = "octocat";

async function consentOf(site: Site) {
  const browser = new Browser();
  const { client_id } = await registerClient(site);
  const url = authorizeUrl(site, { client_id, code_challenge: pkce().challenge });
  const handle = handleOf(await (await browser.fetch(url)).text());
  const allow = () =>
    browser.submit(`${site.url}/authorize`, [
      ["handle", handle],
      ["decision", "allow"],
    ]);
  return { browser, url, allow };
}

async function tokenOf(site: Site): Promise<string> {
  return (await signIn(site, LOGIN)).access_token;
}

async function revocation(site: Site): Promise<Act> {
  const name = `Client ${Math.random()}`;
  await signIn(site, LOGIN, { client: await registerClient(site, { client_name: name }) });
  const visitor: AccountVisitor = await visitAccount(site, LOGIN);
  const page = await visitor.page();
  const grant = grantIdOf(page, name);
  const form = visitor.form(page, ["grant", grant]);
  return () => visitor.submit("revoke", form);
}

export const OPERATIONS: readonly Operation[] = [
  {
    name: "a registration",
    audience: "program",
    status: 201,
    kv: ["get", "put"],
    objects: [],
    prepare: async (site) => () =>
      fetch(`${site.url}/register`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          client_name: `Client ${Math.random()}`,
          redirect_uris: ["http://127.0.0.1:9/callback"],
          token_endpoint_auth_method: "none",
        }),
      }),
  },
  {
    name: "the consent page",
    audience: "person",
    status: 200,
    kv: ["get", "put"],
    objects: [],
    async prepare(site) {
      const { browser, url } = await consentOf(site);
      return () => browser.fetch(url);
    },
  },
  {
    name: "the consent",
    audience: "person",
    status: 302,
    kv: ["get", "delete", "put"],
    objects: ["once"],
    async prepare(site) {
      const { allow } = await consentOf(site);
      return allow;
    },
  },
  {
    name: "the way back from GitHub",
    audience: "person",
    status: 302,
    kv: ["get", "delete", "put"],
    objects: ["once", "account"],
    async prepare(site) {
      const { browser, allow } = await consentOf(site);
      const back = await site.github.pickAccount(locationOf(await allow()).href, LOGIN);
      return () => browser.fetch(back);
    },
  },
  {
    name: "the redemption of a code",
    audience: "program",
    status: 200,
    kv: ["get", "put"],
    objects: ["grant", "account"],
    async prepare(site) {
      const client = await registerClient(site);
      const form = await newCode(site, client, LOGIN);
      return () => tokenRequest(site, { ...form, client_id: client.client_id });
    },
  },
  {
    name: "a refresh",
    audience: "program",
    status: 200,
    kv: ["get", "put"],
    objects: ["grant", "account"],
    prepare: async (site) => (await signIn(site, LOGIN)).refresh,
  },
  {
    name: "a revocation",
    audience: "program",
    status: 200,
    kv: ["get", "list", "delete"],
    objects: ["grant"],
    prepare: async (site) => (await signIn(site, LOGIN)).revoke,
  },
  {
    name: "a stateless call",
    audience: "mcp",
    status: 200,
    kv: ["get"],
    objects: [],
    async prepare(site) {
      const token = await tokenOf(site);
      const params = { name: "userInfoOctokit", arguments: {} };
      const message = statelessMessage("tools/call", params);
      const headers = statelessHeaders("tools/call", "userInfoOctokit");
      return () => send(site, { token, message, headers });
    },
  },
  {
    name: "a call in a session",
    audience: "mcp",
    status: 200,
    kv: ["get"],
    objects: ["session"],
    async prepare(site) {
      const token = await tokenOf(site);
      const sessionId = await openSession(site, token);
      return () => send(site, { token, sessionId, message: toolCall("userInfoOctokit") });
    },
  },
  {
    name: "a message to a stream of 2024-11-05",
    audience: "mcp",
    status: 202,
    kv: ["get"],
    objects: ["session"],
    async prepare(site) {
      const token = await tokenOf(site);
      const { endpoint } = await openSse(site, token);
      return () => send(site, { token, path: endpoint, message: toolCall("userInfoOctokit") });
    },
  },
  {
    name: "a session's opening",
    audience: "mcp",
    status: 200,
    kv: ["get"],
    objects: ["session"],
    async prepare(site) {
      const token = await tokenOf(site);
      return () => send(site, { token, message: INITIALIZE });
    },
  },
  {
    name: "the account page",
    audience: "person",
    status: 200,
    kv: [],
    objects: ["account"],
    async prepare(site) {
      const visitor = await visitAccount(site, LOGIN);
      return () => visitor.open();
    },
  },
  {
    name: "a disconnection on the account page",
    audience: "person",
    status: 303,
    kv: ["list", "delete"],
    objects: ["account", "grant"],
    prepare: revocation,
  },
];
