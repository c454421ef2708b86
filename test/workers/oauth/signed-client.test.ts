import { createPrivateKey, generateKeyPairSync, randomUUID, sign } from "node:crypto";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { emulateInternet, type Internet, published } from "../../support/internet.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { REDIRECT_URI } from "../../support/sign-in.ts";
import { askForTokens, newCode } from "../../support/token-answer.ts";

const CLIENT_ID = "https://client.example/mcp/metadata.json";
const KEY_ID = "the client's key";
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

const DOCUMENT = {
  client_id: CLIENT_ID,
  client_name: "Signing client",
  redirect_uris: [REDIRECT_URI],
  token_endpoint_auth_method: "private_key_jwt",
  jwks: {
    keys: [{ ...publicKey.export({ format: "jwk" }), kid: KEY_ID, alg: "ES256", use: "sig" }],
  },
};

let internet: Internet;
let server: TestServer;
beforeAll(async () => {
  internet = emulateInternet();
  internet.answer = () => published(DOCUMENT);
  server = await startServer();
});
afterAll(async () => {
  internet.close();
  await server.close();
});

/** What the client proves itself with, once (RFC 7523, section 2.2). */
function assertion(): Record<string, string> {
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: "ES256", typ: "JWT", kid: KEY_ID };
  const claims = {
    iss: CLIENT_ID,
    sub: CLIENT_ID,
    aud: server.url,
    jti: randomUUID(),
    iat: now,
    exp: now + 60,
  };
  const [head, body] = [header, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  const key = createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" }));
  const signature = sign("sha256", Buffer.from(`${head}.${body}`), {
    key,
    dsaEncoding: "ieee-p1363",
  }).toString("base64url");
  return {
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: `${head}.${body}.${signature}`,
  };
}

async function signedIn(): Promise<string> {
  const form = await newCode(server, { client_id: CLIENT_ID }, "octocat");
  const { body } = await askForTokens(server, { ...form, ...assertion() });
  return body.refresh_token;
}

const refreshWith = (proof: Record<string, string>, refresh_token: string) =>
  askForTokens(server, { grant_type: "refresh_token", refresh_token, ...proof });

describe("a client that signs its token requests", () => {
  it("gets the same answer ten times at once, each with an assertion of its own", async () => {
    const token = await signedIn();

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => refreshWith(assertion(), token)),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it("gets no answer that is kept with an assertion that it has used", async () => {
    const token = await signedIn();
    const used = assertion();
    const first = await refreshWith(used, token);

    const again = await refreshWith(used, token);

    expect(first.status).toBe(200);
    expect(again).toMatchObject({ status: 401, body: { error: "invalid_client" } });
  });

  it("proves itself and is answered with one assertion when its token is replayed", async () => {
    const first = await signedIn();
    const { body: second } = await refreshWith(assertion(), first);
    await refreshWith(assertion(), second.refresh_token);

    const replayed = await refreshWith(assertion(), first);

    expect(replayed).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });
});
