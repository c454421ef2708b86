import { DurableObject } from "cloudflare:workers";

import type { GrantEnding } from "../account/end-grants.ts";
import { sha256 } from "../auth/sha256.ts";
import { claimedClientId } from "../limits/claimed-client-id.ts";
import { describeError, log } from "../log.ts";
import { inRequest, REQUEST_ID_HEADER } from "../request-context.ts";
import { STORAGE_RETRY_SECONDS } from "../storage.ts";
import { GrantEnd } from "./grant-end.ts";
import { IssuedTokens } from "./issued-tokens.ts";
import { oauthRefusal } from "./oauth-refusal.ts";
import { presentedToken } from "./presented-token.ts";
import { RefreshAnswers, refreshQuestion } from "./refresh-answers.ts";
import { TokenLibrary } from "./token-library.ts";

/** A request to `/token` that presents a code or token of this object's grant. */
interface GrantRequest {
  readonly request: Request;
  readonly form: URLSearchParams;
  readonly token: string;
}

/** What was answered before, for whoever proves to be the client that it was given to. */
interface Repeated {
  readonly body: string;
}

function signedOut({ request }: GrantRequest): Response {
  return oauthRefusal(request, {
    status: 400,
    error: "invalid_grant",
    description: "This sign-in can no longer be used. Sign in again.",
  });
}

/**
 * KV may show an old grant for a minute, which does not know its newest refresh token. A client that
 * was told so would throw its sign-in away.
 */
async function notSeenYet({ request }: GrantRequest, response: Response): Promise<Response> {
  if (!(await response.clone().text()).includes('"invalid_grant"')) return response;
  log("warn", "grant.stale");
  return oauthRefusal(request, {
    status: 503,
    error: "temporarily_unavailable",
    description: "This sign-in could not be looked at. Try again.",
    retryAfterSeconds: STORAGE_RETRY_SECONDS,
  });
}

async function hashOfRefreshToken(answer: string): Promise<string> {
  const { refresh_token: token }: { refresh_token?: unknown } = JSON.parse(answer);
  if (typeof token !== "string") throw new TypeError("The answer has no refresh token.");
  return sha256(token);
}

/**
 * Everything that `/token` does to one grant, one request at a time: a Durable Object named
 * `userId:grantId`. The OAuth library keeps grants in KV, where two requests that read at the same
 * time both find a code unused, or a token current; so it answers in here. Requests that do not
 * claim to come from the grant's own client never arrive.
 */
export class GrantObject extends DurableObject<Env> {
  readonly #userId: string;
  readonly #grantId: string;
  readonly #library: TokenLibrary;
  readonly #issued: IssuedTokens;
  readonly #answers: RefreshAnswers;
  readonly #end: GrantEnd;
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { sql } = ctx.storage;
    [this.#userId = "", this.#grantId = ""] = (ctx.id.name ?? "").split(":");
    this.#library = new TokenLibrary(ctx, env);
    this.#issued = new IssuedTokens(sql);
    this.#answers = new RefreshAnswers(sql);
    this.#end = new GrantEnd(sql);
  }

  override fetch(request: Request): Promise<Response> {
    const requestId = request.headers.get(REQUEST_ID_HEADER) ?? "";
    return inRequest({ requestId }, () => this.#answer(request));
  }

  async #answer(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    const presented = presentedToken(form);
    if (!presented) throw new TypeError("The request presents no token of this grant.");
    const asked = { request, form, token: presented.value };
    const answers = {
      code: () => this.#redeem(asked),
      refresh_token: () => this.#refresh(asked),
      token: () => this.#revoke(asked),
    };
    const answer = await this.#inTurn(answers[presented.field]);
    // Outside the queue, so that ten clients need not wait for each other's proof.
    return answer instanceof Response ? answer : this.#repeat(asked, answer);
  }

  /**
   * Ends the grant and its tokens. Whatever runs while `/token` is answered in here must not wait
   * for this: it would wait for itself.
   */
  end({ origin, why, request }: GrantEnding): Promise<void> {
    return inRequest(request, () => this.#inTurn(() => this.#endGrant(origin, why)));
  }

  override alarm(): Promise<void> {
    return this.#inTurn(async () => {
      const now = Date.now();
      this.#issued.prune(now);
      this.#answers.prune(now);
      this.#end.prune(now);
    });
  }

  /** Works when all before have finished, and leaves the object with the alarm that it needs. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#lastTurn.then(async () => {
      // Each time: with nothing left to remember, the tables go too.
      for (const table of [this.#issued, this.#answers, this.#end]) table.create();
      try {
        return await work();
      } finally {
        await this.#settle();
      }
    });
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }

  async #settle(): Promise<void> {
    const { storage } = this.ctx;
    const ends = [this.#issued.end(), this.#answers.end(), this.#end.end()];
    const due = Math.min(...ends.filter((end) => end !== undefined));
    if (due === Infinity) await storage.deleteAll();
    else if ((await storage.getAlarm()) !== due) await storage.setAlarm(due);
  }

  async #redeem(asked: GrantRequest): Promise<Response> {
    if (this.#end.isReached()) return signedOut(asked);
    const code = await sha256(asked.token);
    if (this.#issued.isUsedCode(code)) return this.#endReplayed(asked);
    const response = await this.#ask(asked);
    if (!response.ok) return response;
    const refreshToken = await hashOfRefreshToken(await response.clone().text());
    await this.#note(() => this.#issued.addFirst(refreshToken, code, Date.now()));
    return response;
  }

  async #refresh(asked: GrantRequest): Promise<Response | Repeated> {
    if (this.#end.isReached()) return signedOut(asked);
    const { request, form, token } = asked;
    const hash = await sha256(token);
    if (this.#issued.isReplayed(hash)) return this.#endReplayed(asked);
    const { origin } = new URL(request.url);
    const clientId = claimedClientId(form, request.headers.get("authorization") ?? "") ?? "";
    const question = await refreshQuestion(form, origin, clientId);
    const body = await this.#answers.find(question, Date.now());
    if (body !== undefined) return { body };

    const response = await this.#ask(asked);
    if (!response.ok) {
      return this.#issued.isNew(hash, Date.now()) ? notSeenYet(asked, response) : response;
    }
    const answer = await response.clone().text();
    const successor = await hashOfRefreshToken(answer);
    await this.#note(() => this.#issued.addSuccessor(successor, hash, Date.now()));
    await this.#note(() => this.#answers.keep(question, answer, Date.now()));
    return response;
  }

  /** The client can use what the library gave it, whether or not this object can remember it. */
  async #note(add: () => void | Promise<void>): Promise<void> {
    try {
      await add();
    } catch (error) {
      log("error", "grant.not_noted", { error: describeError(error) });
    }
  }

  async #revoke({ request, form }: GrantRequest): Promise<Response> {
    const response = await this.#library.answer(request, form);
    await this.#noticeEnd("revoked");
    return response;
  }

  /**
   * Two parties hold the code (RFC 6749, section 4.1.2) or the refresh token (RFC 9700, section
   * 4.14.2), and nobody knows which one is the thief: what both have got ends.
   */
  async #endReplayed(asked: GrantRequest): Promise<Response> {
    const { request, form } = asked;
    const proof = await this.#library.authenticate(request, form);
    if (!proof.ok) return proof;
    await this.#endGrant(new URL(request.url).origin, "replayed");
    return signedOut(asked);
  }

  async #repeat({ request, form }: GrantRequest, { body }: Repeated): Promise<Response> {
    const proof = await this.#library.authenticate(request, form);
    if (!proof.ok) return proof;
    const answer = new Response(body, proof);
    answer.headers.set("Content-Type", "application/json");
    answer.headers.set("Cache-Control", "no-store");
    answer.headers.set("Pragma", "no-cache");
    return answer;
  }

  async #ask({ request, form }: GrantRequest): Promise<Response> {
    const response = await this.#library.answer(request, form);
    if (!response.ok) await this.#noticeEnd("refused");
    return response;
  }

  /** The library may have ended the grant; then KV has it no longer. */
  async #noticeEnd(why: string): Promise<void> {
    // Nor may KV have it yet, at this place: only what gave out tokens in here can have ended.
    if (this.#issued.isEmpty()) return;
    if (!(await this.#library.knowsGrant(this.#userId, this.#grantId))) await this.#ended(why);
  }

  async #endGrant(origin: string, why: string): Promise<void> {
    if (!this.#end.isReached()) {
      await this.#library.revokeGrant(origin, this.#userId, this.#grantId);
    }
    await this.#ended(why);
  }

  /** From now on nothing brings the grant back, and the person's account knows. */
  async #ended(why: string): Promise<void> {
    const caller = `person:${this.#userId}`;
    if (!this.#end.isReached()) log("info", "grant.ended", { caller, grant: this.#grantId, why });
    this.#issued.clear();
    this.#answers.clear();
    this.#end.reach(Date.now());
    try {
      await this.env.ACCOUNT_OBJECT.getByName(caller).disconnect(this.#grantId);
    } catch (error) {
      log("warn", "account.not_told", { caller, error: describeError(error) });
    }
  }
}
