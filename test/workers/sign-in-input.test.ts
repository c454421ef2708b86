import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startServer, type TestServer } from "../support/server.ts";
import { authorizeUrl, pkce, registerClient } from "../support/sign-in.ts";

let server: TestServer;
let clientId: string;
beforeAll(async () => {
  server = await startServer();
  clientId = (await registerClient(server)).client_id;
});
afterAll(() => server.close());

/** Raw, as they stand in a query or a form: broken encodings, other types, other schemes, other sizes. */
const VALUES = [
  "",
  "+",
  "%00",
  "%ff",
  "%zz",
  "%0d%0aX-Header:%20y",
  "%F0%9F%98%80",
  "__proto__",
  "null",
  "[]",
  "-1",
  "1e999",
  "a".repeat(3_000),
  "javascript:alert(1)",
  "http://host/path",
  "https://127.0.0.1/client",
  "https://[::1]/client",
  `https://github.com/${"a".repeat(600)}`,
];

const PARAMETERS = [
  "client_id",
  "redirect_uri",
  "scope",
  "state",
  "code_challenge",
  "code_challenge_method",
  "response_type",
  "resource",
  "request",
  "request_uri",
  "response_mode",
];

async function statusOf(url: string, form?: string): Promise<number> {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const init = form === undefined ? {} : { method: "POST", headers, body: form };
  const response = await fetch(url, { ...init, redirect: "manual" });
  await response.arrayBuffer();
  return response.status;
}

describe("the road of signing in", () => {
  it.each(PARAMETERS)(
    "answers any value of %s with a page or a redirect, never with a failure",
    async (name) => {
      const valid = new URL(
        authorizeUrl(server, { client_id: clientId, code_challenge: pkce().challenge }),
      );
      valid.searchParams.delete(name);

      const statuses = await Promise.all(
        VALUES.map((value) => statusOf(`${valid.href}&${name}=${value}`)),
      );

      expect(statuses.filter((status) => ![200, 302, 400].includes(status))).toEqual([]);
    },
  );

  it.each(["handle", "decision", "scope"])(
    "refuses any value of %s in a form that it never showed",
    async (name) => {
      const fields = { handle: "x", decision: "allow", scope: "mcp:tools" };
      const rest = new URLSearchParams(Object.entries(fields).filter(([field]) => field !== name));

      const statuses = await Promise.all(
        VALUES.map((value) => statusOf(`${server.url}/authorize`, `${rest}&${name}=${value}`)),
      );

      expect(statuses.filter((status) => status !== 400)).toEqual([]);
    },
  );

  it.each(["state", "code", "error"])(
    "refuses any value of %s at a callback that nobody began",
    async (name) => {
      const statuses = await Promise.all(
        VALUES.map((value) => statusOf(`${server.url}/callback?${name}=${value}`)),
      );

      expect(statuses.filter((status) => status !== 400)).toEqual([]);
    },
  );
});
