import * as fc from "fast-check";

import {
  anyBody,
  type Body,
  consentBody,
  heavyBody,
  registrationBody,
  rpcBody,
  tokenBody,
} from "./bodies.ts";
import { type Header, oddAuthorization, oddHeaders, oddSessionId } from "./odd-headers.ts";
import { authorizeQuery, oddPath, oddQuery, PATHS } from "./targets.ts";

/** Whose token comes along: one of the live callers by number, or text that is nobody's. */
type Credential =
  | { readonly kind: "live"; readonly caller: number }
  | { readonly kind: "odd"; readonly value: string }
  | { readonly kind: "none" };

/** Which session is named: one of the caller's own or of another caller, by number. */
type SessionChoice =
  | { readonly kind: "own" | "foreign"; readonly number: number }
  | { readonly kind: "odd"; readonly value: string }
  | { readonly kind: "none" };

/** One bad request, as data that prints and shrinks. */
export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  /** With its question mark. */
  readonly query: string;
  readonly credential: Credential;
  readonly session: SessionChoice;
  /** On top of those that the request needs; one of the same name stands beside, not instead. */
  readonly headers: readonly Header[];
  readonly contentType: string | undefined;
  readonly body: Body;
  /** Whether the body comes in chunks, without its length. */
  readonly isChunked: boolean;
}

const METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "PROPFIND"];

/** `DELETE` ends live sessions, so it is rare where it would. */
const MCP_METHODS = [...Array<string>(18).fill("POST"), "GET", "PUT", "OPTIONS", "HEAD", "DELETE"];

const credential = (liveWeight: number): fc.Arbitrary<Credential> =>
  fc.oneof(
    {
      weight: liveWeight,
      arbitrary: fc.nat(3).map((caller) => ({ kind: "live" as const, caller })),
    },
    { weight: 2, arbitrary: oddAuthorization().map((value) => ({ kind: "odd" as const, value })) },
    { weight: 1, arbitrary: fc.constant({ kind: "none" as const }) },
  );

const session = (ownWeight: number): fc.Arbitrary<SessionChoice> =>
  fc.oneof(
    { weight: ownWeight, arbitrary: numbered("own") },
    { weight: 1, arbitrary: numbered("foreign") },
    { weight: 1, arbitrary: oddSessionId().map((value) => ({ kind: "odd" as const, value })) },
    { weight: 1, arbitrary: fc.constant({ kind: "none" as const }) },
  );

const numbered = (kind: "own" | "foreign") => fc.nat(3).map((number) => ({ kind, number }));

const orHeavy = (body: fc.Arbitrary<Body>) =>
  fc.oneof({ weight: 60, arbitrary: body }, { weight: 1, arbitrary: heavyBody() });

const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";

const none = fc.constant({ kind: "none" as const });

/** Members that most requests share. */
const usual = {
  isChunked: fc.boolean(),
  headers: oddHeaders(),
  query: fc.oneof({ weight: 3, arbitrary: fc.constant("") }, oddQuery()),
};

/** With a token three times of four, and then mostly inside a live session. */
const toMcp: fc.Arbitrary<HostileRequest> = fc.record({
  ...usual,
  method: fc.constantFrom(...MCP_METHODS),
  path: fc.constantFrom("/mcp", "/mcp", "/mcp", "/", "/sse/message", "/sse/message"),
  credential: credential(9),
  session: session(9),
  contentType: fc.constant(JSON_TYPE),
  body: orHeavy(fc.oneof({ weight: 3, arbitrary: rpcBody() }, anyBody())),
});

const toOAuth = (
  path: string,
  body: fc.Arbitrary<Body>,
  contentType: string,
): fc.Arbitrary<HostileRequest> =>
  fc.record({
    ...usual,
    method: fc.constant("POST"),
    path: fc.constant(path),
    credential: credential(1),
    session: none,
    contentType: fc.constant(contentType),
    body: orHeavy(fc.oneof({ weight: 3, arbitrary: body }, anyBody())),
  });

const toSignIn: fc.Arbitrary<HostileRequest> = fc.record({
  ...usual,
  method: fc.constant("GET"),
  path: fc.constantFrom("/authorize", "/authorize", "/callback"),
  query: fc.oneof({ weight: 3, arbitrary: authorizeQuery() }, oddQuery()),
  credential: none,
  session: none,
  contentType: fc.constant(undefined),
  body: fc.constant<Body>({ kind: "none" }),
});

/** Anything to anywhere. */
const anywhere: fc.Arbitrary<HostileRequest> = fc.record({
  ...usual,
  method: fc.constantFrom(...METHODS),
  path: fc.oneof(fc.constantFrom(...PATHS), oddPath()),
  query: oddQuery(),
  credential: credential(4),
  session: session(2),
  contentType: fc.constantFrom(JSON_TYPE, FORM_TYPE, undefined),
  body: orHeavy(anyBody()),
});

/** Bad requests over all routes; about half of them carry a valid token. */
export function hostileRequest(): fc.Arbitrary<HostileRequest> {
  return fc.oneof(
    { weight: 12, arbitrary: toMcp },
    { weight: 2, arbitrary: toOAuth("/token", tokenBody(), FORM_TYPE) },
    { weight: 1, arbitrary: toOAuth("/register", registrationBody(), JSON_TYPE) },
    { weight: 1, arbitrary: toOAuth("/authorize", consentBody(), FORM_TYPE) },
    { weight: 2, arbitrary: toSignIn },
    { weight: 4, arbitrary: anywhere },
  );
}
