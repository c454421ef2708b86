import { keepAlive } from "../../bench/lanes/keep-alive.ts";
import { addCall, bodyOf, expectResult, listCall, type RpcCall } from "../../bench/lanes/rpc.ts";
import { statelessLane } from "../../bench/lanes/stateless.ts";
import { visitAccount } from "../support/account.ts";
import { messageOf, openSession, type RawRequest, send } from "../support/rpc.ts";
import { type SignedIn, signIn, type Tokens } from "../support/sign-in.ts";
import type { LoadSite, Person } from "./site.ts";
import { SseStream } from "./sse-stream.ts";

const README_CALL: RpcCall = {
  method: "tools/call",
  params: { name: "getGithubReadme", arguments: { repositoryUrl: "octocat/hello-world" } },
  check: ({ content }) => content?.[0]?.text?.startsWith("README of octocat/hello-world") ?? false,
};

const profileCall = (person: Person): RpcCall => ({
  method: "tools/call",
  params: { name: "userInfoOctokit", arguments: {} },
  check: ({ content }) => content?.[0]?.text?.includes(person) ?? false,
});

/** What somebody has who is signed in, with a client of each era. */
interface Visit {
  readonly signedIn: SignedIn;
  token: string;
  sessionId: string;
  stream: SseStream;
}

async function expectStatus(answer: Promise<Response>, expected: number): Promise<void> {
  const { status, body } = await answer;
  await body?.cancel();
  if (status !== expected) throw new Error(`Expected ${expected}, got ${status}.`);
}

/** Somebody who does one of many things at a time, each of them to its end. */
export class Visitor {
  readonly #site: LoadSite;
  readonly #person: Person;
  readonly #posting;
  #visit: Visit | undefined;

  constructor(site: LoadSite, person: Person) {
    this.#site = site;
    this.#person = person;
    this.#posting = keepAlive(site.url);
  }

  get #here(): Visit {
    if (!this.#visit) throw new Error("The visitor has not come in.");
    return this.#visit;
  }

  /** Signs in through the real pages, and opens a session and a stream. */
  async comeIn(): Promise<void> {
    const signedIn = await signIn(this.#site, this.#person);
    const token = signedIn.access_token;
    const sessionId = await openSession(this.#site, token);
    this.#visit = { signedIn, token, sessionId, stream: await this.#openStream(token) };
  }

  /** Signs out, which ends the grant, and comes in again with a new one. */
  async comeAgain(): Promise<void> {
    const { signedIn, stream } = this.#here;
    stream.close();
    await this.#endSession();
    await expectStatus(signedIn.revoke(), 200);
    await this.comeIn();
  }

  /** The tools, without a session. */
  async add(): Promise<void> {
    await this.#askStateless(addCall());
  }

  async listTools(): Promise<void> {
    await this.#askStateless(listCall());
  }

  async readReadme(): Promise<void> {
    await this.#askStateless(README_CALL);
  }

  async readProfile(): Promise<void> {
    await this.#askStateless(profileCall(this.#person));
  }

  async addInSession(): Promise<void> {
    const { token, sessionId } = this.#here;
    const call = addCall();
    const message: unknown = JSON.parse(bodyOf(1, call));
    const answer = await send(this.#site, { token, sessionId, message });
    expectResult({ id: 1, ...(await messageOf(answer)) }, 1, call);
  }

  async addOnStream(): Promise<void> {
    await this.#here.stream.call(addCall());
  }

  async renewSession(): Promise<void> {
    await this.#endSession();
    this.#here.sessionId = await openSession(this.#site, this.#here.token);
  }

  async renewStream(): Promise<void> {
    this.#here.stream.close();
    this.#here.stream = await this.#openStream(this.#here.token);
  }

  /** Once a visit: it presents the refresh token that came with the sign-in. */
  async refresh(): Promise<void> {
    const answer = await this.#here.signedIn.refresh();
    if (!answer.ok) throw new Error(`The refresh was answered with ${answer.status}.`);
    this.#here.token = ((await answer.json()) as Tokens).access_token;
  }

  async lookAtAccount(): Promise<void> {
    const page = await (await visitAccount(this.#site, this.#person)).page();
    if (!page.includes("Disconnect")) throw new Error("The account page lists no app.");
  }

  /** Requests that are wrong in one way each. */
  async misbehave(): Promise<void> {
    const { token } = this.#here;
    const message = { jsonrpc: "2.0", id: 1, method: "tools/list" };
    const wrong: [status: number, request: RawRequest][] = [
      [401, { message }],
      [401, { token: "1:2:3", message }],
      [400, { token, body: "{" }],
      [404, { token, sessionId: "nobody's", message }],
      [404, { path: "/nowhere", message }],
    ];
    for (const [status, request] of wrong) await expectStatus(send(this.#site, request), status);
  }

  close(): void {
    this.#visit?.stream.close();
    this.#posting.close();
  }

  async #askStateless(call: RpcCall): Promise<void> {
    const site = { origin: this.#site.url, token: this.#here.token };
    const connection = await statelessLane(site, () => call)();
    await connection.exchange().finally(() => connection.close());
  }

  async #endSession(): Promise<void> {
    const { token, sessionId } = this.#here;
    await expectStatus(send(this.#site, { token, sessionId, method: "DELETE" }), 204);
  }

  #openStream(token: string): Promise<SseStream> {
    return SseStream.open({ origin: this.#site.url, token }, this.#posting);
  }
}
