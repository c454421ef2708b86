import { randomBytes } from "node:crypto";

import {
  exchangeAuthorization,
  type FetchLike,
  type OAuthServerInfo,
  validateAuthorizationResponseIssuer,
} from "@modelcontextprotocol/client";

import { BridgeError } from "../../bridge-error.ts";
import type { ConnectionOptions } from "../../options.ts";
import { log } from "../../output/log.ts";
import { keepSecret } from "../../output/redact.ts";
import { type AuthorizationRequest, authorizationRequest } from "./authorization-request.ts";
import { showPage } from "./browser.ts";
import { type CallbackAnswer, type CallbackServer, callbackServer } from "./callback-server.ts";
import { issuerOf } from "./discover.ts";
import { keptTokens } from "./kept-tokens.ts";
import { codeTrouble, oauthTrouble } from "./oauth-trouble.ts";
import type { RecordFile } from "./record-file.ts";
import { tellWords } from "./server-words.ts";
import type { KeptClient, KeptTokens, SignInRecord } from "./sign-in-record.ts";

export interface SignIn {
  readonly server: URL;
  readonly options: ConnectionOptions;
  readonly file: RecordFile;
  readonly found: OAuthServerInfo;
  /** What is kept so far. Tokens in it stay until there are others: some requests may do with them. */
  readonly record: SignInRecord | undefined;
  /** The client that this authorization server knows already, if any. */
  readonly client: KeptClient | undefined;
  readonly scope: string | undefined;
}

/** A sign-in that began with a page, and came to nothing. */
export class SignInFailed extends BridgeError {}

/**
 * Has the person sign in, in the browser, once, and keeps what comes of it. Throws
 * {@link SignInFailed} when a page was opened in vain, which is kept as well.
 */
export async function signIn(
  it: SignIn,
  fetchFn: FetchLike,
  signal: AbortSignal,
): Promise<SignInRecord> {
  const state = randomBytes(32).toString("base64url");
  const callback = await callbackServer(state, portOf(it.client));
  try {
    const { redirectUri } = callback;
    const client = isFor(it.client, redirectUri) ? it.client : undefined;
    const request = await authorizationRequest({ ...it, client, redirectUri, state }, fetchFn);
    keepSecret(request.codeVerifier);
    const record = recordOf(it, request);
    const meanwhile = it.record?.tokens ? it.record : record;
    await it.file.write({ ...meanwhile, attempt: { at: Date.now() } });
    await showPage(request.page);
    try {
      const tokens = await grant(it, { request, callback, fetchFn, signal });
      const done = { ...record, tokens };
      await it.file.write(done);
      log("info", "Signed in.");
      return done;
    } catch (error) {
      if (signal.aborted) throw error;
      throw await failed(it.file, meanwhile, error);
    }
  } finally {
    callback.close();
  }
}

/** The port that a registered client came back to, since some servers compare it; else any. */
function portOf(client: KeptClient | undefined): number {
  const [earlier] = client?.redirect_uris ?? [];
  return earlier === undefined ? 0 : Number(new URL(earlier).port);
}

/** A client that registered itself is bound to its port; others are compared without it (RFC 8252, section 7.3). */
function isFor(client: KeptClient | undefined, redirectUri: string): boolean {
  return !client?.registered || client.redirect_uris.includes(redirectUri);
}

function recordOf(
  { server, found }: SignIn,
  { client, resource, redirectUri }: AuthorizationRequest,
): SignInRecord {
  const { authorizationServerUrl: url, authorizationServerMetadata: metadata } = found;
  return {
    version: 1,
    server: server.href,
    authorizationServer: { url, metadata },
    client: client.registered ? client : { ...client, redirect_uris: [redirectUri] },
    resource,
  };
}

interface Pending {
  readonly request: AuthorizationRequest;
  readonly callback: CallbackServer;
  readonly fetchFn: FetchLike;
  readonly signal: AbortSignal;
}

/** Waits for the person, and redeems the code. */
async function grant({ found, options }: SignIn, pending: Pending): Promise<KeptTokens> {
  const { request, callback, fetchFn, signal } = pending;
  const answer = await answerInTime(callback, options.authTimeout, signal);
  try {
    const { authorizationServerUrl: url, authorizationServerMetadata: metadata } = found;
    const code = codeOf(answer.parameters, found);
    const iss = answer.parameters.get("iss") ?? undefined;
    const granted = await exchangeAuthorization(url, {
      clientInformation: request.client,
      authorizationCode: code,
      codeVerifier: request.codeVerifier,
      redirectUri: request.redirectUri,
      fetchFn,
      ...(metadata && { metadata }),
      ...(iss !== undefined && { iss }),
      ...(request.resource !== undefined && { resource: request.resource }),
    });
    answer.show("done");
    const asked = request.page.searchParams.get("scope") ?? undefined;
    return keptTokens(granted, { issuer: issuerOf(found), signedInAt: Date.now(), asked });
  } catch (error) {
    answer.show("failed");
    throw error;
  }
}

/** The code in an answer, once it is known to come from the server that was asked (RFC 9207, section 2.4). */
function codeOf(
  parameters: URLSearchParams,
  { authorizationServerMetadata }: OAuthServerInfo,
): string {
  validateAuthorizationResponseIssuer({
    iss: parameters.get("iss") ?? undefined,
    expectedIssuer: authorizationServerMetadata?.issuer,
    issParameterSupported:
      authorizationServerMetadata?.authorization_response_iss_parameter_supported === true,
  });
  const error = parameters.get("error");
  if (error) {
    tellWords(parameters.get("error_description"));
    throw codeTrouble(error);
  }
  const code = parameters.get("code") ?? "";
  keepSecret(code);
  return code;
}

async function answerInTime(
  callback: CallbackServer,
  seconds: number,
  signal: AbortSignal,
): Promise<CallbackAnswer> {
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort(
      new BridgeError(`Nobody finished the sign-in in the browser within ${seconds} seconds.`, {
        advice: "Start the client again, and sign in in the window that opens.",
      }),
    );
  }, seconds * 1000);
  try {
    return await callback.answer(AbortSignal.any([signal, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Keeps that a sign-in failed. A client that registered itself goes, unless tokens are its: a server
 * that has forgotten it tells the person, not us.
 */
async function failed(
  file: RecordFile,
  record: SignInRecord,
  error: unknown,
): Promise<SignInFailed> {
  const trouble = oauthTrouble(error);
  const { message, advice } =
    trouble instanceof BridgeError
      ? trouble
      : { message: "The sign-in failed.", advice: undefined };
  const { client, ...others } = record;
  const keepsClient = record.tokens !== undefined || client?.registered === false;
  await file.write({
    ...others,
    ...(keepsClient && { client }),
    attempt: { at: Date.now(), failure: message },
  });
  return new SignInFailed(message, { cause: error, ...(advice !== undefined && { advice }) });
}
