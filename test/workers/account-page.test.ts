import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { type AccountVisitor, eventsOn, namesOn, visitAccount } from "../support/account.ts";
import { emulateInternet, type Internet, published } from "../support/internet.ts";
import { accountRows } from "../support/object-rows.ts";
import { messageOf, openSession, send, toolCall } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { REDIRECT_URI, registerClient, signIn, type SignInOptions } from "../support/sign-in.ts";

const DOCUMENT_URL = "https://client.example/mcp/metadata.json";
const SECONDS = 1000;

let internet: Internet;
let server: TestServer;
beforeAll(async () => {
  internet = emulateInternet();
  server = await startServer();
});
afterAll(async () => {
  internet.close();
  await server.close();
});

async function connectApp(login: string, name: string, options: SignInOptions = {}) {
  const client = await registerClient(server, { client_name: name });
  return signIn(server, login, { client, ...options });
}

async function call(token: string, tool: string, args: Record<string, unknown> = {}) {
  const sessionId = await openSession(server, token);
  const message = toolCall(tool, args);
  return (await messageOf(await send(server, { token, sessionId, message }))).result;
}

/** What a page shows between its tags, entities and all. */
const wordsOf = (page: string) => page.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

/** The events of a page, once there are that many: they are written after the answer. */
async function eventsOf(visitor: AccountVisitor, count: number): Promise<string[][]> {
  return vi.waitFor(async () => {
    const events = eventsOn(await visitor.page());
    expect(events).toHaveLength(count);
    return events;
  }, 20 * SECONDS);
}

describe("the account page of a person", () => {
  it("says in words that nothing is connected, and nothing was done", async () => {
    const visitor = await visitAccount(server, "bibliocat");

    const page = await visitor.page();

    expect(page).toContain("No app is connected.");
    expect(page).toContain("Nothing was done yet.");
    expect(namesOn(page)).toEqual([]);
    expect(page).not.toContain("Disconnect all");
  });

  it("lists the person's own apps and events, and nobody else's", async () => {
    await connectApp("octocat", "Octocat's editor");
    await connectApp("octocat", "Octocat's shell");
    await connectApp("hubot", "Hubot's editor");
    const people = ["octocat", "hubot", "mona"];

    const visitors = await Promise.all(people.map((login) => visitAccount(server, login)));
    const pages = await Promise.all(visitors.map((visitor) => visitor.page()));

    expect(pages.map((page) => namesOn(page).toSorted())).toEqual([
      ["Octocat&#39;s editor", "Octocat&#39;s shell"],
      ["Hubot&#39;s editor"],
      [],
    ]);
    const apps = pages.map((page) => eventsOn(page).map(([, , app = ""]) => app));
    expect(apps.map((names) => names.toSorted())).toEqual([
      ["Octocat&#39;s editor", "Octocat&#39;s shell"],
      ["Hubot&#39;s editor"],
      [],
    ]);
    expect(pages[2]).not.toMatch(/octocat|hubot/i);
  });

  it("shows where access went, what was allowed, since when, and when it was used", async () => {
    const visitor = await visitAccount(server, "codercat");
    const day = new RegExp(
      new Date().toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" }),
    );
    const app = await connectApp("codercat", "Editor", { ticks: ["github:private"] });

    const before = wordsOf(await visitor.page());
    await call(app.access_token, "add", { a: 1, b: 2 });
    await eventsOf(visitor, 2);
    const after = wordsOf(await visitor.page());

    expect(before).toContain("Access went to 127.0.0.1, the computer that you signed in on");
    expect(before).toContain("Read your private repositories");
    expect(before).toMatch(/Connected since \d{1,2} \w+ \d{4}, \d\d:\d\d UTC/);
    expect(before).toMatch(day);
    expect(before).toContain("Last used Not yet");
    expect(after).toMatch(/Last used \d{1,2} \w+ \d{4}, \d\d:\d\d UTC/);
  });

  it("calls only a domain verified that a description was read from", async () => {
    internet.answer = () =>
      published({
        client_id: DOCUMENT_URL,
        client_name: "GitHub Official (verified)",
        redirect_uris: [REDIRECT_URI],
        token_endpoint_auth_method: "none",
      });
    await signIn(server, "mona", { client: { client_id: DOCUMENT_URL } });
    await connectApp("mona", "client.example verified");

    const page = await (await visitAccount(server, "mona")).page();

    const headings = Array.from(
      page.matchAll(/<li><h3>(.*?)<\/h3>/g),
      ([, heading = ""]) => heading,
    );
    expect(headings.toSorted()).toEqual([
      '<bdi>client.example verified</bdi> <span class="badge unverified">unverified</span>',
      'client.example <span class="badge verified">verified</span>',
    ]);
    expect(page).toContain("It calls itself <bdi>GitHub Official (verified)</bdi>");
  });

  it("shows a name that is markup as it is written", async () => {
    const name = `"><img src=x onerror=alert(1)><form action="https://evil.example">`;
    await connectApp("octocat", name);

    const page = await (await visitAccount(server, "octocat")).page();

    const written = name.replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    expect(page).not.toMatch(/<img|https:\/\/evil\.example">/);
    expect(page).toContain(`<bdi>${written}</bdi> <span class="badge unverified">`);
    expect(page).toContain(`<td><bdi>${written}</bdi></td>`);
    expect(page).toContain(`aria-label="Disconnect ${written}"`);
  });

  it("has no script, loads nothing from elsewhere, and is in no cache and no frame", async () => {
    const { headers } = await (await visitAccount(server, "octocat")).open();

    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("shows no words out of its address", async () => {
    const visitor = await visitAccount(server, "octocat");

    const page = await (await visitor.open("?done=Call%20the%20hotline")).text();

    expect(page).not.toContain("hotline");
    expect(page).not.toContain("<output");
  });
});

describe("what was done", () => {
  it("says what was called, by which app, and how it ended, newest first", async () => {
    const visitor = await visitAccount(server, "hubot");
    const earlier = eventsOn(await visitor.page()).length;
    const app = await connectApp("hubot", "Reader");
    await call(app.access_token, "getGithubReadme", { repositoryUrl: "octocat/nothing-here" });
    await eventsOf(visitor, earlier + 2);
    await call(app.access_token, "userInfoOctokit");

    const events = await eventsOf(visitor, earlier + 3);

    expect(events.slice(0, 3).map(([, what, by, outcome]) => [what, by, outcome])).toEqual([
      ["userInfoOctokit", "Reader", "Done"],
      ["getGithubReadme", "Reader", "Not found"],
      ["Connected", "Reader", ""],
    ]);
    expect(events.slice(0, 3).map(([time]) => time)).toEqual([
      expect.stringMatching(/^\d\d:\d\d$/),
      expect.stringMatching(/^\d\d:\d\d$/),
      expect.stringMatching(/^\d\d:\d\d$/),
    ]);
    expect(events[0]?.[4]).toMatch(/^\d+ ms$|^\d+\.\d s$/);
  });

  it("ends after 200 events, each under its day", async () => {
    const visitor = await visitAccount(server, "codercat");
    await accountRows(
      server,
      2_048_051,
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250)
      INSERT INTO events (at, kind, client, tool, outcome, duration_ms)
      SELECT unixepoch('2026-01-31T23:00:00Z') * 1000 + i * 60000, 'tool_called', 'Old', 'add', 'forbidden', 1500 FROM n`,
    );

    await connectApp("codercat", "Newest");

    const page = await visitor.page();
    const events = eventsOn(page);
    const days = Array.from(page.matchAll(/<th scope="rowgroup"[^>]*>([^<]*)/g), ([, day]) => day);
    expect(events).toHaveLength(200);
    expect(events[0]?.slice(1)).toEqual(["Connected", "Newest", "", ""]);
    expect(events[1]).toEqual(["03:10", "add", "Old", "GitHub did not allow it", "1.5 s"]);
    expect(days.slice(1)).toEqual(["1 February 2026", "31 January 2026"]);
  });

  it("says nothing of what was asked, and nothing of what was answered", async () => {
    const canary = "canary-7d1f";
    await server.github.createRepository({ owner: "bibliocat", name: canary });
    await server.github.putReadme({ owner: "bibliocat", name: canary, bytes: "# Canary song" });
    const app = await connectApp("bibliocat", "Reader");
    const repositoryUrl = `bibliocat/${canary}`;

    const answer = await call(app.access_token, "getGithubReadme", { repositoryUrl });
    const visitor = await visitAccount(server, "bibliocat");
    await eventsOf(visitor, 2);

    expect(answer.content[0].text).toContain("Canary song");
    const shown = await visitor.page();
    const stored = JSON.stringify(await rowsOf(2_048_052));
    expect(stored).toContain("getGithubReadme");
    for (const place of [shown, stored]) expect(place).not.toMatch(/canary/i);
  });
});

/** Everything that one person's object keeps. */
async function rowsOf(userId: number): Promise<unknown[]> {
  const tables = await accountRows(
    server,
    userId,
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '_cf_%'",
  );
  const read = ({ name }: Record<string, unknown>) =>
    accountRows(server, userId, `SELECT * FROM "${String(name)}"`);
  return Promise.all(tables.map(read));
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"];

describe.each([
  ["/account", "GET, HEAD"],
  ["/account/sign-in", "POST"],
  ["/account/revoke", "POST"],
  ["/account/sign-out", "POST"],
])("%s", (path, allowed) => {
  it.each(METHODS.filter((method) => !allowed.split(", ").includes(method)))(
    "answers 405 to %s, and says what it takes",
    async (method) => {
      const response = await fetch(server.url + path, { method });

      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe(allowed);
    },
  );
});
