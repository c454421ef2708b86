import * as fc from "fast-check";

import { registration, rpcMessage } from "./messages.ts";
import type { Json } from "./odd-json.ts";
import { oddText } from "./odd-text.ts";
import { PLACEHOLDERS } from "./placeholders.ts";

/** A body as data that stays small however large the body is. */
export type Body =
  | { readonly kind: "none" }
  | { readonly kind: "json"; readonly value: Json }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bytes"; readonly hex: string }
  | {
      readonly kind: "repeated";
      readonly before: string;
      readonly piece: string;
      readonly times: number;
      readonly after: string;
    };

export function bytesOf(body: Body): Buffer {
  if (body.kind === "none") return Buffer.alloc(0);
  if (body.kind === "json") return Buffer.from(JSON.stringify(body.value));
  if (body.kind === "text") return Buffer.from(body.text);
  if (body.kind === "bytes") return Buffer.from(body.hex, "hex");
  return Buffer.from(body.before + body.piece.repeat(body.times) + body.after);
}

const json = (value: Json): Body => ({ kind: "json", value });
const text = (value: string): Body => ({ kind: "text", text: value });

const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

/** Larger than most limits, deeper than any parser likes, and more at once than anybody asks. */
const HEAVY: readonly Body[] = [
  { kind: "repeated", before: "", piece: "[", times: 200_000, after: "" },
  { kind: "repeated", before: "", piece: '{"a":', times: 50_000, after: "" },
  { kind: "repeated", before: "[", piece: `${PING},`, times: 1000, after: `${PING}]` },
  { kind: "repeated", before: '"', piece: "é", times: 530_000, after: '"' },
  { kind: "repeated", before: "", piece: " ", times: 1_048_577, after: PING },
  { kind: "repeated", before: "a=", piece: "%00", times: 30_000, after: "" },
  { kind: "repeated", before: "", piece: "a=b&", times: 20_000, after: "" },
];

function damaged(): fc.Arbitrary<Body> {
  return fc.oneof(
    fc.tuple(rpcMessage(), fc.nat(60)).map(([value, cut]) => {
      const whole = JSON.stringify(value);
      return text(whole.slice(0, Math.max(0, whole.length - 1 - cut)));
    }),
    rpcMessage().map((value) => text(`\uFEFF${JSON.stringify(value)}`)),
    rpcMessage().map((value) => text(JSON.stringify(value) + JSON.stringify(value))),
    fc
      .uint8Array({ maxLength: 60 })
      .map((bytes): Body => ({ kind: "bytes", hex: Buffer.from(bytes).toString("hex") })),
    fc.json({ maxDepth: 3 }).map(text),
    oddText().map(text),
  );
}

const TOKEN_REQUESTS: readonly Record<string, string>[] = [
  {
    grant_type: "authorization_code",
    client_id: PLACEHOLDERS.clientId,
    redirect_uri: PLACEHOLDERS.redirectUri,
    code: PLACEHOLDERS.code,
    code_verifier: PLACEHOLDERS.verifier,
  },
  {
    grant_type: "refresh_token",
    client_id: PLACEHOLDERS.clientId,
    refresh_token: PLACEHOLDERS.refreshToken,
    resource: `${PLACEHOLDERS.origin}/mcp`,
    scope: "mcp:tools",
  },
  {
    token: PLACEHOLDERS.refreshToken,
    token_type_hint: "refresh_token",
    client_id: PLACEHOLDERS.clientId,
  },
  {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    client_id: PLACEHOLDERS.clientId,
    subject_token: PLACEHOLDERS.refreshToken,
    subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
  },
  { grant_type: "client_credentials", client_id: PLACEHOLDERS.clientId, client_secret: "x" },
];

const CONSENT = { handle: PLACEHOLDERS.handle, decision: "allow", scope: "github:private" };

const encoded = (fields: readonly (readonly [string, string])[]) =>
  fields
    .map((pair) => pair.map((part) => encodeURIComponent(part.toWellFormed())).join("="))
    .join("&");

/** A form with fields that are left out, sent twice, or hold what they should not. */
function mutatedForm(valid: readonly Record<string, string>[]): fc.Arbitrary<Body> {
  const field = fc.record({ which: fc.nat(9), value: oddText(), how: fc.nat(3) });
  return fc
    .tuple(fc.constantFrom(...valid), fc.array(field, { maxLength: 3 }))
    .map(([fields, changes]) => {
      let pairs: (readonly [string, string])[] = Object.entries(fields);
      for (const { which, value, how } of changes) {
        const index = which % pairs.length || 0;
        const name = pairs[index]?.[0] ?? "grant_type";
        if (how === 0) pairs = pairs.filter((_, other) => other !== index);
        else if (how === 1) pairs = [...pairs, [name, value]];
        else pairs = pairs.map((pair, other) => (other === index ? [name, value] : pair));
      }
      return text(encoded(pairs));
    });
}

export const rpcBody = () => rpcMessage().map(json);
export const registrationBody = () => registration().map(json);
export const tokenBody = () => mutatedForm(TOKEN_REQUESTS);
export const consentBody = () => mutatedForm([CONSENT]);

/** A body for any route, most of them wrong for it. */
export function anyBody(): fc.Arbitrary<Body> {
  return fc.oneof(
    { weight: 4, arbitrary: rpcBody() },
    { weight: 3, arbitrary: damaged() },
    { weight: 1, arbitrary: registrationBody() },
    { weight: 2, arbitrary: tokenBody() },
    { weight: 1, arbitrary: consentBody() },
    { weight: 2, arbitrary: fc.constant<Body>({ kind: "none" }) },
  );
}

export const heavyBody = () => fc.constantFrom(...HEAVY);
