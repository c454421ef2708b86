import { type KeyObject, randomBytes, verify } from "node:crypto";

import { type Answer, json } from "./answer.ts";
import { claimsOf, type IdTokenOptions } from "./google-id-token.ts";
import { makeKey, type SigningKey } from "./google-keys.ts";
import { type Call, type Fields, formOrJsonFields, jsonFields, textField } from "./input.ts";

/** What GOOGLE_APPLICATION_CREDENTIALS may name, as the files' contents. */
export interface AdcFiles {
  /** What `gcloud auth application-default login` leaves behind. */
  readonly authorizedUser: Record<string, string>;
  /** The key file of a service account. */
  readonly serviceAccount: Record<string, string>;
}

type Mint = (options: IdTokenOptions) => string;

const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const GENERATE = /^\/v1\/projects\/-\/serviceAccounts\/([^/]+):generateIdToken$/;
const LIFE_SECONDS = 3599;

/** The service account that has a key. */
const ROBOT = "robot@octo-project.iam.gserviceaccount.com";

function adcFiles(refreshToken: string, key: SigningKey): AdcFiles {
  return {
    authorizedUser: {
      type: "authorized_user",
      client_id: "764086051850-emulated.apps.googleusercontent.com",
      client_secret: "an emulated client secret",
      refresh_token: refreshToken,
    },
    serviceAccount: {
      type: "service_account",
      project_id: "octo-project",
      private_key_id: key.kid,
      private_key: String(key.privateKey.export({ type: "pkcs8", format: "pem" })),
      client_email: ROBOT,
      client_id: claimsOf(ROBOT).sub,
      token_uri: "https://oauth2.googleapis.com/token",
    },
  };
}

/** What a service account signed, if it did (RFC 7523). */
function assertionOf(text: string, publicKey: KeyObject): Fields | undefined {
  const [head = "", body = "", signature = ""] = text.split(".");
  const signed = Buffer.from(`${head}.${body}`);
  const isGood = verify("sha256", signed, publicKey, Buffer.from(signature, "base64url"));
  return isGood ? jsonFields(Buffer.from(body, "base64url")) : undefined;
}

/** Errors the way Google's APIs word them. */
function apiError(code: number, status: string, message: string): Answer {
  return json(code, { error: { code, message, status } });
}

function invalidGrant(why: string): Answer {
  return json(400, { error: "invalid_grant", error_description: why });
}

/** The accounts that ask for tokens: one person, and one service account. */
export function googleAccounts(mint: Mint) {
  const refreshToken = `1//${randomBytes(24).toString("base64url")}`;
  const key = makeKey();
  const accessTokens = new Set<string>();

  function accessToken(): Answer {
    const token = `ya29.${randomBytes(32).toString("base64url")}`;
    accessTokens.add(token);
    return json(200, { access_token: token, expires_in: LIFE_SECONDS, token_type: "Bearer" });
  }

  function ofServiceAccount(fields: Fields): Answer {
    const asserted = assertionOf(textField(fields, "assertion"), key.publicKey);
    if (asserted?.["iss"] !== ROBOT) return invalidGrant("Invalid JWT Signature.");
    const audience = textField(asserted, "target_audience");
    if (!audience) return accessToken();
    return json(200, { id_token: mint({ claims: claimsOf(ROBOT, audience) }) });
  }

  return {
    adc: adcFiles(refreshToken, key),

    /** RFC 6749, section 6, and RFC 7523. */
    token(call: Call): Answer {
      const fields = formOrJsonFields(call);
      const grantType = textField(fields, "grant_type");
      if (grantType === JWT_BEARER) return ofServiceAccount(fields);
      if (grantType !== "refresh_token") return json(400, { error: "unsupported_grant_type" });
      const isGood = textField(fields, "refresh_token") === refreshToken;
      return isGood ? accessToken() : invalidGrant("Bad Request");
    },

    /** `projects.serviceAccounts.generateIdToken`; `undefined` for another path. */
    generateIdToken({ path, headers, body }: Call): Answer | undefined {
      const email = decodeURIComponent(GENERATE.exec(path)?.[1] ?? "");
      if (!email) return undefined;
      const presented = /^Bearer (\S+)$/i.exec(headers.authorization ?? "")?.[1];
      if (!presented || !accessTokens.has(presented)) {
        return apiError(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
      }
      const fields = jsonFields(body);
      const audience = textField(fields, "audience");
      if (!audience) return apiError(400, "INVALID_ARGUMENT", "audience is required.");
      const withEmail = fields["includeEmail"] === true;
      const without = { email: undefined, email_verified: undefined };
      const claims = { ...claimsOf(email, audience), ...(!withEmail && without) };
      return json(200, { token: mint({ claims }) });
    },
  };
}
