import {
  createLocalJWKSet,
  decodeJwt,
  importPKCS8,
  type JSONWebKeySet,
  jwtVerify,
  SignJWT,
} from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type GoogleEmulator, startGoogle } from "../../../emulator/google.ts";

const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const SA = "ci@octo-project.iam.gserviceaccount.com";

let google: GoogleEmulator;
beforeAll(async () => {
  google = await startGoogle();
});
afterAll(() => google.close());

async function post(path: string, fields: object, token?: string) {
  const response = await fetch(google.url + path, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(fields),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

async function isGooglesOwn(token: string): Promise<boolean> {
  const jwks = (await (await fetch(google.certsUrl)).json()) as JSONWebKeySet;
  const verified = jwtVerify(token, createLocalJWKSet(jwks));
  return verified.then(
    () => true,
    () => false,
  );
}

function refresh(token = google.adc.authorizedUser["refresh_token"]) {
  return post("/token", { grant_type: "refresh_token", refresh_token: token });
}

const generate = (fields: object, token?: string) =>
  post(`/v1/projects/-/serviceAccounts/${encodeURIComponent(SA)}:generateIdToken`, fields, token);

async function assertion(claims: Record<string, string>) {
  const { private_key, client_email } = google.adc.serviceAccount;
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "RS256" })
    .setIssuer(client_email ?? "")
    .sign(await importPKCS8(private_key ?? "", "RS256"));
}

describe("the local Google", () => {
  it("publishes the key that signs and the one before, and no other", async () => {
    const first = google.mint();
    expect(await isGooglesOwn(first)).toBe(true);
    expect(await isGooglesOwn(google.mint({ signedBy: "stranger" }))).toBe(false);

    google.rotateKeys();
    expect(await isGooglesOwn(google.mint())).toBe(true);
    expect(await isGooglesOwn(first)).toBe(true);

    google.rotateKeys();
    expect(await isGooglesOwn(first)).toBe(false);
  });

  it("gives whoever has an access token the ID token of a service account", async () => {
    const { access_token: token } = (await refresh()).body;
    const asked = { audience: "https://a.example", includeEmail: true };

    const { status, body } = await generate(asked, token);

    expect(status).toBe(200);
    expect(await isGooglesOwn(body["token"] ?? "")).toBe(true);
    const claims = { aud: "https://a.example", email: SA, email_verified: true };
    expect(decodeJwt(body["token"] ?? "")).toMatchObject(claims);
  });

  it("leaves the e-mail address out unless it is asked for", async () => {
    const { access_token: token } = (await refresh()).body;

    const { body } = await generate({ audience: "https://a.example" }, token);

    expect(decodeJwt(body["token"] ?? "")).not.toHaveProperty("email");
  });

  it("refuses what Google would refuse", async () => {
    const { access_token: token } = (await refresh()).body;

    expect((await refresh("another")).status).toBe(400);
    expect((await generate({ audience: "https://a.example" })).status).toBe(401);
    expect((await generate({ audience: "https://a.example" }, "ya29.no")).status).toBe(401);
    expect((await generate({}, token)).status).toBe(400);
    const forged = { grant_type: JWT_BEARER, assertion: google.mint({ signedBy: "stranger" }) };
    expect((await post("/token", forged)).status).toBe(400);
  });

  it("gives a service account with a key an access token, or an ID token", async () => {
    const plain = { grant_type: JWT_BEARER, assertion: await assertion({ scope: "x" }) };
    const target = { target_audience: "https://a.example" };
    const aimed = { grant_type: JWT_BEARER, assertion: await assertion(target) };

    const { access_token: token } = (await post("/token", plain)).body;
    const { id_token: idToken } = (await post("/token", aimed)).body;

    expect((await generate({ audience: "https://a.example" }, token)).status).toBe(200);
    expect(decodeJwt(idToken ?? "")).toMatchObject({ aud: "https://a.example" });
  });
});
