import {
  AuthorizationServerMismatchError,
  InsecureTokenEndpointError,
  IssuerMismatchError,
  OAuthError,
  RegistrationRejectedError,
} from "@modelcontextprotocol/client";
import { ZodError } from "zod";

import { BridgeError } from "../../bridge-error.ts";
import { tellWords } from "./server-words.ts";

type Trouble = readonly [message: string, advice: string];

const ASK = "Ask the server's operator.";

/** What the codes of RFC 6749, 7591 and 8707 mean for the person. */
const CODES: Readonly<Record<string, Trouble>> = {
  access_denied: ["Access was denied at the sign-in.", "Sign in again and allow it."],
  invalid_client: [
    "The authorization server does not know this client, or not with this secret.",
    "Check --client-id and MCP_BRIDGE_CLIENT_SECRET; without them, try again: it registers anew.",
  ],
  unauthorized_client: [
    "This client may not sign people in at this authorization server.",
    "Check the client's settings there, or use another --client-id.",
  ],
  invalid_grant: ["The sign-in is no longer valid.", "Sign in again."],
  invalid_scope: [
    "The authorization server does not give these scopes.",
    "Name the scopes that it has with --scope.",
  ],
  invalid_target: [
    "The authorization server gives no tokens for this resource.",
    "Name the one that it knows with --resource.",
  ],
  invalid_request: ["The authorization server finds the request malformed.", ASK],
  unsupported_response_type: ["The authorization server gives no authorization codes.", ASK],
  unsupported_grant_type: ["The authorization server does not take this kind of grant.", ASK],
  invalid_redirect_uri: [
    "The authorization server takes no address on this machine to come back to.",
    "Register a client there that allows http://127.0.0.1, and name it with --client-id.",
  ],
  invalid_client_metadata: [
    "The authorization server does not register clients like this one.",
    "Register a client there by hand, and name it with --client-id.",
  ],
  server_error: ["The authorization server failed.", "Try again in a minute."],
  temporarily_unavailable: ["The authorization server is overloaded.", "Try again in a minute."],
  too_many_requests: ["The authorization server had too many requests.", "Try again in a minute."],
  login_required: ["The authorization server wants the person to sign in there.", "Sign in again."],
  consent_required: ["The authorization server wants the person's consent.", "Sign in again."],
};

/** What the SDK says in plain errors, by how they begin. */
const MESSAGES: readonly (readonly [RegExp, Trouble])[] = [
  [
    /^Protected resource /,
    [
      "The server's metadata is for another resource than the server.",
      "Check --url. Do not sign in there unless its operator confirms it.",
    ],
  ],
  [
    /does not support dynamic client registration/,
    [
      "The authorization server registers no clients by itself.",
      "Register one there by hand, and name it with --client-id.",
    ],
  ],
  [
    /does not support (response type|code challenge)/,
    [
      "The authorization server lacks what a secure sign-in needs (authorization codes with PKCE).",
      ASK,
    ],
  ],
  [/^HTTP \d+ trying to load/, ["The OAuth metadata cannot be read.", "Try again in a minute."]],
];

/** The trouble that an OAuth error code stands for (RFC 6749, sections 4.1.2.1 and 5.2). */
export function codeTrouble(code: string, cause?: unknown): BridgeError {
  const [message, advice] = (Object.hasOwn(CODES, code) ? CODES[code] : undefined) ?? [
    "The authorization server refused, with an error of its own.",
    ASK,
  ];
  return new BridgeError(message, { advice, cause });
}

function issuerTrouble(cause: unknown): BridgeError {
  return new BridgeError("The answer is not from the authorization server that was asked.", {
    advice: "Nothing was sent to it. Ask the server's operator before you try again.",
    cause,
  });
}

function registrationTrouble(error: RegistrationRejectedError): BridgeError {
  tellWords(error.body);
  const code = codeIn(error.body);
  if (code !== undefined && Object.hasOwn(CODES, code)) return codeTrouble(code, error);
  const message = `The authorization server did not register this client (HTTP ${error.status}).`;
  const advice = "Register one there by hand, and name it with --client-id.";
  return new BridgeError(message, { advice, cause: error });
}

/** The code in an error answer (RFC 7591, section 3.2.2). */
function codeIn(body: string): string | undefined {
  return /"error"\s*:\s*"(\w+)"/.exec(body)?.[1];
}

function answerTrouble(error: OAuthError): BridgeError {
  tellWords(error.message);
  return codeTrouble(error.code, error);
}

/** What went wrong at a sign-in, in words of ours: errors of the SDK quote what servers wrote. */
export function oauthTrouble(error: unknown): unknown {
  if (error instanceof BridgeError) return error;
  if (error instanceof IssuerMismatchError) return issuerTrouble(error);
  if (error instanceof AuthorizationServerMismatchError) return issuerTrouble(error);
  if (error instanceof RegistrationRejectedError) return registrationTrouble(error);
  if (error instanceof OAuthError) return answerTrouble(error);
  if (error instanceof InsecureTokenEndpointError)
    return trouble(["The token endpoint is not https.", ASK], error);
  if (error instanceof ZodError || error instanceof SyntaxError)
    return trouble(["What the server says of its sign-in is malformed.", ASK], error);
  if (!(error instanceof Error) || error.name === "AbortError") return error;
  if (error instanceof TypeError || error.name === "TimeoutError") {
    const advice = "Check the network and proxy settings, then try again.";
    return trouble(["The authorization server cannot be reached.", advice], error);
  }
  const known = MESSAGES.find(([pattern]) => pattern.test(error.message));
  return trouble(known?.[1] ?? ["The sign-in failed.", ASK], error);
}

function trouble([message, advice]: Trouble, cause: unknown): BridgeError {
  return new BridgeError(message, { advice, cause });
}
