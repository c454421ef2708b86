import { errors } from "jose";

import { CredentialRefused } from "./way-in.ts";

/** What an ID token may fail, by the name that the log has for it, and what its sender is told. */
const SENTENCES = {
  "switched off": "This server takes no ID tokens of Google. Sign in instead.",
  form: "This token is damaged. Send the ID token exactly as Google gave it.",
  algorithm:
    "Google signs ID tokens with RS256, and this one is not. Send one that Google has signed.",
  issuer: "Google did not issue this token. Send an ID token that Google has signed.",
  key: "Google publishes no key that could have signed this token. Ask Google for a new one.",
  signature: "The signature of this token is wrong. Send the ID token exactly as Google gave it.",
  audience:
    "This token was made for another service. Ask Google for one with the audience that this server's operator has set.",
  expired: "This token has expired. Ask Google for a new one; they last an hour.",
  "not yet valid": "This token is not valid yet. Set the clock of the machine that made it.",
  lifetime: "This token is valid for longer than Google's are. Ask Google for a new one.",
  claims: "This token does not say all that Google's ID tokens say. Ask Google for a new one.",
  "no e-mail":
    "This token names no e-mail address. Ask Google for one that does, with includeEmail or --include-email.",
  "unverified e-mail":
    "Google has not verified the e-mail address in this token. Verify it, then ask for a new one.",
} as const;

type TokenCheck = keyof typeof SENTENCES;

/** A token that another one can make good. */
export function refused(check: TokenCheck): CredentialRefused {
  return new CredentialRefused(401, check, SENTENCES[check]);
}

function claimCheck({ claim, reason }: errors.JWTClaimValidationFailed): TokenCheck {
  if (claim === "iss") return "issuer";
  if (claim === "aud") return "audience";
  const isTooEarly = reason === "check_failed" && (claim === "nbf" || claim === "iat");
  return isTooEarly ? "not yet valid" : "claims";
}

function checkOf(error: errors.JOSEError): TokenCheck {
  if (error instanceof errors.JOSEAlgNotAllowed) return "algorithm";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "signature";
  if (error instanceof errors.JWTExpired) return error.claim === "exp" ? "expired" : "lifetime";
  if (error instanceof errors.JWTClaimValidationFailed) return claimCheck(error);
  return "form";
}

/** What `jose` threw, as a refusal. Anything else is no fault of the token, and stays what it is. */
export function refusalOf(error: unknown): unknown {
  return error instanceof errors.JOSEError ? refused(checkOf(error)) : error;
}
