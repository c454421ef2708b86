import type { FaultRequest } from "../../../emulator/faults.ts";
import { visitAccount } from "../account.ts";
import { Browser, handleOf, locationOf } from "../browser.ts";
import { callTool, ERAS } from "../connect.ts";
import { INITIALIZE, openSession, openSse, send, toolCall } from "../rpc.ts";
import type { TestServer } from "../server.ts";
import {
  authorizeUrl,
  pkce,
  registerClient,
  type SignedIn,
  signIn,
  tokenRequest,
} from "../sign-in.ts";

/** Answers of any kind are welcome here; what counts is what they give away. */
async function drain(answering: Promise<Response>): Promise<void> {
  await (await answering).text();
}

type Fault = FaultRequest["fault"];

/** What GitHub may answer instead. One repeats whatever it can of what it was sent. */
const FAULTS: readonly Fault[] = [
  { kind: "status", status: 500, body: { message: "gho_upstreamEcho0123456789", token: "echo" } },
  { kind: "status", status: 403 },
  { kind: "rate-limit" },
  { kind: "sso", url: "https://github.com/orgs/octo-org/sso?authorization_request=secret" },
  { kind: "wrong-type" },
  { kind: "bad-json" },
  { kind: "huge", bytes: 2_000_000 },
];

/** Consents that are denied, cancelled, replayed, or meet a GitHub that fails. */
export async function walkThroughSignIn(server: TestServer): Promise<void> {
  const { client_id } = await registerClient(server);
  const begin = async () => {
    const browser = new Browser();
    const { challenge } = pkce();
    const page = await browser.fetch(
      authorizeUrl(server, { client_id, code_challenge: challenge }),
    );
    const handle = handleOf(await page.text());
    const decide = (decision: string) =>
      browser.submit(`${server.url}/authorize`, [
        ["handle", handle],
        ["decision", decision],
      ]);
    return { browser, decide };
  };

  const denied = await begin();
  await drain(denied.decide("deny"));
  await drain(denied.decide("allow"));

  const cancelled = await begin();
  const cancelAt = locationOf(await cancelled.decide("allow")).href;
  await drain(cancelled.browser.fetch(await server.github.cancelSignIn(cancelAt)));

  for (const [index, fault] of FAULTS.entries()) {
    const failing = await begin();
    const picked = locationOf(await failing.decide("allow")).href;
    const back = await server.github.pickAccount(picked, "hubot");
    const path = index % 2 ? "/api/v3/user" : "/login/oauth/access_token";
    await server.github.fault({ match: { path }, fault, times: 1 });
    await drain(failing.browser.fetch(back));
    await drain(failing.browser.fetch(back));
    await drain(new Browser().fetch(back));
    await server.github.clearFaults();
  }
}

/** Refreshes, replays, wrong verifiers and a revocation. */
export async function walkThroughTokens(server: TestServer, person: SignedIn): Promise<void> {
  const { client_id } = person.client;
  await drain(person.refresh());
  await drain(person.refresh());
  const grant_type = "authorization_code";
  const redirect_uri = "http://127.0.0.1:9/callback";
  const [code, code_verifier] = [person.access_token, pkce().verifier];
  await drain(tokenRequest(server, { grant_type, client_id, redirect_uri, code, code_verifier }));
  await drain(tokenRequest(server, { token: person.refresh_token, client_id }));
  await drain(person.refresh());
}

/** The account page: signed in twice, looked at, and a form that is not from there. */
export async function walkThroughAccount(server: TestServer, login: string): Promise<void> {
  const visitor = await visitAccount(server, login);
  await drain(visitor.open());
  await drain(visitor.submit("revoke", [["all", "yes"]]));
  await drain(visitor.press("revoke", ["grant", "nothing"]));
  await drain(visitor.browser.fetch(await visitor.pick(login)));
  await drain(visitor.press("sign-out"));
  await drain(visitor.open());
}

/** Every tool in every era, with a GitHub that works, fails, and has revoked the token. */
export async function walkThroughTools(server: TestServer, login: string): Promise<void> {
  for (const { connect } of ERAS) {
    const { access_token } = await signIn(server, login, { ticks: ["github:private"] });
    const client = await connect(server.url, access_token);
    await client.listTools();
    const call = (name: string, args = {}) =>
      callTool(client, name, args).catch((error: unknown) => error);
    await call("add", { a: 1, b: 2 });
    await call("add", { a: access_token });
    await call("nothing");
    await call("userInfoOctokit");
    await call("getGithubReadme", { repositoryUrl: "octocat/hello-world" });
    await call("getGithubReadme", { repositoryUrl: `https://${access_token}@evil.example/a/b` });
    for (const fault of FAULTS) {
      await server.github.fault({ match: { path: "/api/v3/" }, fault, times: 1 });
      await call("userInfoOctokit");
      await server.github.clearFaults();
    }
    await server.github.revokeTokens({ login });
    await call("userInfoOctokit");
    await call("userInfoOctokit");
    await client.close();
  }
}

/** Sessions opened, met by a stranger, evicted, ended and asked for again; `name` is their client's. */
export async function walkThroughSessions(
  server: TestServer,
  [person, stranger]: readonly [SignedIn, SignedIn],
  name: string,
): Promise<void> {
  const [token, other] = [person.access_token, stranger.access_token];
  const clientInfo = { name, version: "1.0.0" };
  const named = { ...INITIALIZE, params: { ...INITIALIZE.params, clientInfo } };
  await drain(send(server, { token, message: named }));
  const stream = await openSse(server, token);
  await drain(send(server, { token, path: stream.endpoint, message: named }));
  await drain(send(server, { token, path: stream.endpoint, message: toolCall("userInfoOctokit") }));
  await stream.next();
  await drain(send(server, { token: other, path: stream.endpoint, message: toolCall("add") }));
  await stream.close();

  const sessionId = await openSession(server, token);
  // At once: an object that asked GitHub stays in memory until its deadlines have passed.
  await server.harness
    .getWorker()
    .evictDurableObject("SessionAgent", { name: `streamable-http:${sessionId}` });
  const inSession = { sessionId, message: toolCall("userInfoOctokit") };
  await drain(send(server, { token, ...inSession }));
  await drain(send(server, { token: other, ...inSession }));
  await drain(send(server, { token, sessionId, method: "DELETE" }));
  await drain(send(server, { token, ...inSession }));
}

/** Requests that carry the token and are turned away, each for another reason. */
export async function walkIntoRefusals(server: TestServer, token: string): Promise<void> {
  const message = toolCall("userInfoOctokit");
  const long = "x".repeat(1024 * 1024 + 1);
  await drain(send(server, { token: `${token.slice(0, -4)}0000`, message }));
  await drain(send(server, { token: `${token}${"y".repeat(600)}`, message }));
  await drain(send(server, { token, message, headers: { origin: "https://evil.example" } }));
  await drain(send(server, { token, message, headers: { "content-type": "text/plain" } }));
  await drain(send(server, { token, message, headers: { accept: "text/html" } }));
  await drain(send(server, { token, method: "PUT" }));
  await drain(send(server, { token, body: `{"token":"${token}"` }));
  await drain(send(server, { token, body: `"${token}${long}"` }));
  await drain(send(server, { token, path: `/nothing/${token}?token=${token}`, message }));
  await drain(send(server, { path: `/mcp?access_token=${token}`, message }));
  await drain(send(server, { token, message, sessionId: token }));
  await drain(send(server, { token, message: { ...message, method: token } }));
  await drain(send(server, { token, message: toolCall(token) }));
}
