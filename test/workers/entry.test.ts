import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Fault } from "../../emulator/faults.ts";
import { visitAccount } from "../support/account.ts";
import { arrive, type Arrival, codeOf } from "../support/arrival.ts";
import { kvOf } from "../support/kv.ts";
import { logLines } from "../support/log-lines.ts";
import { GITHUB_APP_SETTINGS, startServer, type TestServer } from "../support/server.ts";
import { REDIRECT_URI, signIn } from "../support/sign-in.ts";

/** Far longer than it takes; a failure must not wait for the test's own end. */
const HANG = { timeout: 15_000 };
const MEMBERSHIPS = "^/api/v3/user/memberships/";
const TITLE = "You may not use this server";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(() => server.github.reset());

async function membershipsAsked(): Promise<number> {
  const seen = await server.github.requests();
  return seen.filter(({ path }) => new RegExp(MEMBERSHIPS).test(path)).length;
}

/** What a grant leaves behind: its records in KV, and its objects. */
async function traces(): Promise<string[]> {
  const kv = await kvOf(server);
  const worker = server.harness.getWorker();
  const lists = await Promise.all(["grant:", "token:"].map((prefix) => kv.list({ prefix })));
  const objects = ["AccountObject", "GrantObject"];
  const ids = await Promise.all(objects.map((name) => worker.listDurableObjectIds(name)));
  return [...lists.flatMap(({ keys }) => keys.map(({ name }) => name)), ...ids.flat()];
}

/** Where a refused person's browser goes by itself, and by the page's link. */
function waysBack({ response, page }: Arrival) {
  const [, seconds, url = ""] =
    /^(\d+); url=(.*)$/.exec(response.headers.get("refresh") ?? "") ?? [];
  const href = /<a href="([^"]*)">Return to the app</.exec(page)?.[1] ?? "";
  return { seconds: Number(seconds), url, href: href.replaceAll("&amp;", "&") };
}

const REFUSED = { status: 403, isRefusal: true, code: null };

function outcomeOf(arrival: Arrival) {
  const { response, page } = arrival;
  return { status: response.status, isRefusal: page.includes(TITLE), code: codeOf(arrival) };
}

describe("a server without lists", () => {
  beforeAll(() => server.redeploy({ ALLOWED_LOGINS: "", ALLOWED_ORGS: " " }));

  it("admits everyone, and does not ask GitHub for organisations", async () => {
    const arrival = await arrive(server, "mona");

    expect(codeOf(arrival)).toBeTruthy();
    expect(arrival.asked).toBe("read:user");
    expect(await membershipsAsked()).toBe(0);
  });
});

describe("a list of logins", () => {
  beforeAll(() =>
    server.redeploy({ ALLOWED_LOGINS: "OctoCat, codercat", CONTACT: "ada@example.com" }),
  );

  it("admits who is on it, however it is spelled, and asks GitHub for no organisations", async () => {
    const arrival = await arrive(server, "octocat", { ticks: ["github:private"] });

    expect(codeOf(arrival)).toBeTruthy();
    expect(arrival.asked).toBe("read:user repo");
    expect(await membershipsAsked()).toBe(0);
  });

  it("refuses everyone else with a page that says who they are and whom to ask", async () => {
    const arrival = await arrive(server, "hubot");

    expect(outcomeOf(arrival)).toEqual(REFUSED);
    expect(arrival.page).toContain("<strong>hubot</strong>");
    expect(arrival.page).toContain('<a href="mailto:ada@example.com">ada@example.com</a>');
    expect(arrival.response.headers.get("cache-control")).toBe("no-store");
    expect(arrival.response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await membershipsAsked()).toBe(0);
  });

  it("gives the client its access_denied, with state and issuer, by a link and by itself", async () => {
    const { seconds, url, href } = waysBack(await arrive(server, "hubot"));

    expect(seconds).toBe(20);
    expect(href).toBe(url);
    const { searchParams } = new URL(url);
    expect(url.split("?")[0]).toBe(REDIRECT_URI);
    expect(Object.fromEntries(searchParams)).toEqual({
      error: "access_denied",
      error_description:
        "This server is only for people whom its operator has named. Ask ada@example.com.",
      state: "the client's state",
      iss: server.url,
    });
  });

  it("sends the browser to no address but the client's, which is no markup", async () => {
    const redirectUri = `https://app.example/back?error=none&next="><script>alert(1)</script>`;
    const arrival = await arrive(server, "hubot", { redirectUri });

    const { url, href } = waysBack(arrival);
    expect(url).toMatch(/^https:\/\/app\.example\/back\?next=/);
    expect(new URL(url).searchParams.getAll("error")).toEqual(["access_denied"]);
    expect(href).toBe(url);
    expect(arrival.page).not.toContain("<script");
  });

  it("keeps nothing of who was refused: no grant, no account, no GitHub token", async () => {
    const before = await traces();
    await arrive(server, "hubot");

    expect(await traces()).toEqual(before);
    await expect.poll(() => server.github.tokens("hubot"), HANG).toEqual([]);
  });

  it("writes one line about it, without a token", async () => {
    server.harness.clearLogs();
    await arrive(server, "hubot");
    await expect.poll(() => server.github.tokens("hubot"), HANG).toEqual([]);

    await expect.poll(() => logLines(server, "sign_in.refused")).toHaveLength(1);
    expect(logLines(server, "sign_in.refused")[0]).toMatchObject({
      caller: expect.stringMatching(/^person:\d+$/),
      login: "hubot",
      client: expect.any(String),
      why: "not listed",
    });
    const logged = server.harness.getLogs().map(({ message }) => message);
    expect(logged.join("\n")).not.toMatch(/gh[ou]_/);
  });

  it("leaves the account page open to who is refused", async () => {
    const visitor = await visitAccount(server, "hubot");

    expect(await visitor.page()).toContain("hubot");
  });
});

describe("whom to ask", () => {
  it("is shown as words, which cannot be markup", async () => {
    await server.redeploy({
      ALLOWED_LOGINS: "octocat",
      CONTACT: `<script src="//evil.example"></script> & "Jörg"`,
    });
    const arrival = await arrive(server, "hubot");

    expect(arrival.page).not.toContain("<script");
    expect(arrival.page).toContain("&lt;script src=&quot;//evil.example&quot;");
    // RFC 6749, section 4.1.2.1, allows neither quotation marks nor letters beyond ASCII.
    const description = new URL(waysBack(arrival).url).searchParams.get("error_description");
    expect(description).toContain(`& 'Jorg'`);
  });

  it.each(["javascript:alert(1)", "ada @ example"])("is no link when it is %s", async (contact) => {
    await server.redeploy({ ALLOWED_LOGINS: "octocat", CONTACT: contact });
    const { page } = await arrive(server, "hubot");

    expect(page).toContain(`<bdi>${contact}</bdi>`);
  });

  it("is a link when it is an https address", async () => {
    await server.redeploy({ ALLOWED_LOGINS: "octocat", CONTACT: "https://help.example/?a=1&b=2" });
    const { page } = await arrive(server, "hubot");

    expect(page).toContain('<a href="https://help.example/?a=1&amp;b=2">');
  });

  it("is the operator where nobody is named", async () => {
    await server.redeploy({ ALLOWED_LOGINS: "octocat" });
    const { page } = await arrive(server, "hubot");

    expect(page).toContain("Ask its operator to let you in.");
  });
});

describe.each([
  { app: "an OAuth App", settings: {} },
  { app: "a GitHub App", settings: GITHUB_APP_SETTINGS },
])("a list of organisations, with $app", ({ settings }) => {
  beforeAll(() => server.redeploy({ ...settings, ALLOWED_ORGS: "octo-org" }));

  it("admits a member, and asks GitHub for organisations", async () => {
    const arrival = await arrive(server, "octocat");

    expect(codeOf(arrival)).toBeTruthy();
    expect(arrival.asked).toBe("read:user read:org");
  });

  it("admits a member who keeps that private", async () => {
    await server.github.setMembership("hubot", "octo-org", "active");

    expect((await signIn(server, "hubot", { ticks: ["github:private"] })).scope).toContain(
      "github:private",
    );
  });

  it("refuses who is no member, and says that the organisation may have to approve the app", async () => {
    const arrival = await arrive(server, "mona");

    expect(outcomeOf(arrival)).toEqual(REFUSED);
    expect(arrival.page).toContain("approve this app");
    await expect.poll(() => server.github.tokens("mona"), HANG).toEqual([]);
  });

  it("refuses who was only invited", async () => {
    await server.github.setMembership("hubot", "octo-org", "pending");

    expect(outcomeOf(await arrive(server, "hubot"))).toEqual(REFUSED);
  });

  it("refuses where the organisation has not approved the app, or asks for single sign-on", async () => {
    const faults: Fault[] = [{ kind: "status", status: 403 }, { kind: "sso" }];
    for (const fault of faults) {
      await server.github.clearFaults();
      await server.github.fault({ match: { path: MEMBERSHIPS }, fault });

      expect(outcomeOf(await arrive(server, "octocat"))).toEqual(REFUSED);
    }
  });
});

describe("a list of organisations, while GitHub is in trouble,", () => {
  beforeAll(() => server.redeploy({ ALLOWED_ORGS: "octo-org" }));

  const trouble: Fault[] = [
    { kind: "status", status: 500 },
    { kind: "status", status: 401 },
    { kind: "status", status: 200, body: { state: "unheard of" } },
    { kind: "status", status: 200, body: [] },
    { kind: "status", status: 204 },
    { kind: "rate-limit", status: 403 },
    { kind: "secondary-rate-limit", status: 429 },
    { kind: "reset" },
    { kind: "cut" },
    { kind: "bad-json" },
    { kind: "redirect", status: 302, location: "https://elsewhere.example/" },
  ];

  it.each(trouble)("admits nobody on a guess, and keeps nothing: %j", async (fault) => {
    await server.github.fault({ match: { path: MEMBERSHIPS }, fault });
    const before = await traces();
    const arrival = await arrive(server, "octocat");

    expect(arrival.response.status).toBe(502);
    expect(arrival.page).toContain("GitHub did not answer as expected");
    expect(arrival.page).not.toContain(TITLE);
    expect(await traces()).toEqual(before);
  });
});

describe("several organisations", () => {
  beforeAll(() => server.redeploy({ ALLOWED_ORGS: "no-such-org, Octo-Org" }));

  it("admit the members of any of them", async () => {
    expect(codeOf(await arrive(server, "octocat"))).toBeTruthy();
    expect(await membershipsAsked()).toBe(2);
  });

  it("admit nobody else", async () => {
    expect(outcomeOf(await arrive(server, "mona"))).toEqual(REFUSED);
  });
});

describe("a list of logins beside organisations", () => {
  beforeAll(() => server.redeploy({ ALLOWED_LOGINS: "mona", ALLOWED_ORGS: "octo-org" }));

  it("admits a listed person without asking for their memberships", async () => {
    expect(codeOf(await arrive(server, "mona"))).toBeTruthy();
    expect(await membershipsAsked()).toBe(0);
  });

  it("admits a member who is not listed, and nobody else", async () => {
    expect(codeOf(await arrive(server, "octocat"))).toBeTruthy();
    expect(outcomeOf(await arrive(server, "hubot"))).toEqual(REFUSED);
  });
});
