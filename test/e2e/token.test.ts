import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { storedFiles } from "../support/canary/stored-files.ts";
import { startCloudflareApi } from "../support/cloudflare-api.ts";
import { callTool, ERAS } from "../support/connect.ts";
import { entranceOf } from "../support/rpc.ts";
import { startTestStack, type TestStack } from "../support/stack.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** As long as KV may show what was there before. */
const EVERYWHERE_MS = 60_000;

/** Each command starts wrangler twice, and wrangler starts a runtime. */
const HANG_LIMIT_MS = 240_000;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm run token -- …`, as a person types it. */
const token = (...words: string[]) => tokenWith({}, ...words);

function tokenWith(env: Record<string, string>, ...words: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const args = ["run", "--silent", "token", "--", ...words];
    execFile(
      "npm",
      args,
      { cwd: root, env: { ...process.env, ...env } },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : Number(error.code);
        resolve({ code, stdout, stderr });
      },
    );
  });
}

describe("npm run token", { timeout: HANG_LIMIT_MS }, () => {
  let stack: TestStack;
  let here: string[];
  beforeAll(async () => {
    stack = await startTestStack();
    here = ["--persist-to", stack.stateDir];
  });
  afterAll(() => stack.close());

  it("makes a token that works at once, tells when it was used, and takes it back", async () => {
    const made = await token("create", "--name", "ci", "--by", "mona", "--expires", "12h", ...here);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^mcpw_\w{46}\n$/) });
    expect(made.stderr).toMatch(/^Made ci \(\w{8}\): mcp:tools, until /);
    const secret = made.stdout.trim();

    for (const { connect } of ERAS) {
      const client = await connect(stack.url, secret);
      expect(await callTool(client, "whoami")).toMatchObject({ structuredContent: { name: "ci" } });
      await client.close();
    }

    const listed = await token("list", "--json", ...here);
    const [facts, ...others] = JSON.parse(listed.stdout) as Record<string, number>[];
    expect(others).toEqual([]);
    expect(facts).toEqual({
      id: secret.slice(5, 13),
      name: "ci",
      scopes: ["mcp:tools"],
      createdBy: "mona",
      createdAt: expect.any(Number),
      expiresAt: Number(facts?.["createdAt"]) + 12 * 3600,
      lastUsedAt: expect.any(Number),
    });
    const everything = storedFiles(stack.stateDir, "kv").map((file) => file.toString("latin1"));
    expect(everything.join("")).toContain(secret.slice(5, 13));
    expect([listed.stdout, made.stderr, ...everything].join("")).not.toContain(
      secret.slice(13, 45),
    );

    const revoked = await token("revoke", "ci", ...here);
    expect(revoked).toMatchObject({ code: 0, stdout: "" });
    await expect
      .poll(() => entranceOf(stack, secret), { timeout: EVERYWHERE_MS, interval: 500 })
      .toBe(401);
  });

  it("has one living token of a name, whatever its case, and lists it for people", async () => {
    const first = await token("create", "--name", "nightly", "--by", "mona", "--json", ...here);
    const second = await token("create", "--name", "Nightly", ...here);
    const table = await token("list", ...here);

    const { id, ...facts } = JSON.parse(first.stdout) as Record<string, unknown>;
    expect(facts).toMatchObject({ name: "nightly", scopes: ["mcp:tools"] });
    expect(second).toMatchObject({ code: 2, stdout: "" });
    expect(second.stderr).toMatch(
      /^A token named Nightly is good until .+ or revoke it first\.\n$/,
    );
    const [head, ...rows] = table.stdout.trim().split("\n");
    expect(head).toMatch(/^ID +NAME +SCOPES +EXPIRES +LAST USED +MADE$/);
    expect(rows).toEqual([
      expect.stringMatching(/^\w{8} +nightly +mcp:tools +\S+Z +never +\S+Z by mona$/),
    ]);
    expect(rows[0]).toContain(id);
  });

  it("says that there is nothing to revoke, and ends with 2", async () => {
    const ended = await token("revoke", "nobody", ...here);

    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain("No token has the id or the name nobody.");
  });

  it("names the fault in its words, and ends with 2", async () => {
    const ended = await token("create", "--name", "ci", "--expires", "never");

    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toMatch(/^--expires is "never"\. It must be from 1h to 365d/);
  });
});

describe("npm run token --remote", { timeout: HANG_LIMIT_MS }, () => {
  it("keeps, lists and takes back tokens of the deployed Worker", async () => {
    const api = await startCloudflareApi("github-mcp-worker");
    const remote = (...words: string[]) => tokenWith(api.env, ...words, "--remote", "--json");

    const made = await remote("create", "--name", "ci", "--by", "mona");
    const { id, token: secret } = JSON.parse(made.stdout) as Record<string, string>;
    const key = `service-token:${id}`;
    const kept = api.entries.get(key);
    const listed = await remote("list");
    const revoked = await remote("revoke", String(id));

    expect(kept).toMatchObject({
      metadata: { name: "ci", scopes: ["mcp:tools"], createdBy: "mona" },
    });
    expect(kept?.value).toContain('"hash":"');
    expect(JSON.parse(listed.stdout)).toMatchObject([{ id, name: "ci" }]);
    expect(revoked.code).toBe(0);
    expect(api.entries.size).toBe(0);
    expect(api.requests.join()).not.toContain(String(secret).slice(13, 45));
    await api.close();
  });

  it("passes on what wrangler says when it fails, and ends with 1", async () => {
    const api = await startCloudflareApi("another-worker");

    const ended = await tokenWith(api.env, "list", "--remote");

    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toContain("wrangler kv key list failed.");
    expect(ended.stderr).toContain("Nothing is at /accounts/");
    await api.close();
  });
});
