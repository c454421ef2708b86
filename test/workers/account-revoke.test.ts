import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  type AccountVisitor,
  appsOn,
  csrfOf,
  eventsOn,
  namesOn,
  visitAccount,
} from "../support/account.ts";
import { INITIALIZE, send } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { registerClient, type SignedIn, signIn } from "../support/sign-in.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

interface App extends SignedIn {
  /** What an MCP request with its token is answered. */
  status(): Promise<number>;
}

async function connectApp(login: string, name: string): Promise<App> {
  const client = await registerClient(server, { client_name: name });
  const tokens = await signIn(server, login, { client });
  return {
    ...tokens,
    async status() {
      const response = await send(server, { token: tokens.access_token, message: INITIALIZE });
      await response.text();
      return response.status;
    },
  };
}

const statusesOf = (apps: readonly App[]) => Promise.all(apps.map((app) => app.status()));

const grantObjects = async () =>
  (await server.harness.getWorker().listDurableObjectIds("GrantObject")).toSorted();

describe("disconnecting an app", () => {
  it("ends its access at once, and nobody else's", async () => {
    const apps = [
      await connectApp("octocat", "To end"),
      await connectApp("octocat", "To stay"),
      await connectApp("hubot", "To end"),
      await connectApp("mona", "To end"),
    ];
    const visitor = await visitAccount(server, "octocat");

    const response = await visitor.disconnect("To end");

    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/account?done=one");
    expect(await statusesOf(apps)).toEqual([401, 200, 200, 200]);
    expect((await apps[0]?.refresh())?.status).toBe(400);
    expect((await apps[1]?.refresh())?.status).toBe(200);
    const page = await (await visitor.open("?done=one")).text();
    expect(page).toContain("The app is disconnected.");
    expect(namesOn(page)).toEqual(["To stay"]);
    expect(eventsOn(page)[0]?.slice(1, 3)).toEqual(["Disconnected", "To end"]);
  });

  it("is done once, and says so when it is asked again", async () => {
    await connectApp("mona", "Twice");
    const visitor = await visitAccount(server, "mona");
    const app = appsOn(await visitor.page()).find(({ name }) => name === "Twice");
    const press = () => visitor.press("revoke", ["grant", app?.grantId ?? ""]);

    const answers = [await press(), await press()];

    expect(answers.map(({ status }) => status)).toEqual([303, 404]);
    expect(await answers[1]?.text()).toContain("It may be disconnected already.");
  });
});

describe("disconnecting all apps", () => {
  it("ends every one of the person's own, and nobody else's", async () => {
    const own = [await connectApp("hubot", "One"), await connectApp("hubot", "Two")];
    const other = await connectApp("octocat", "Other");
    const visitor = await visitAccount(server, "hubot");
    const before = await visitor.page();

    const response = await visitor.press("revoke", ["all", "yes"]);

    expect(before).toContain(`Yes, disconnect all ${namesOn(before).length}`);
    expect(response.headers.get("location")).toBe("/account?done=all");
    expect(await statusesOf([...own, other])).toEqual([401, 401, 200]);
    expect(namesOn(await visitor.page())).toEqual([]);
  });
});

describe("a form that does not come from the person's own page", () => {
  let app: App;
  let visitor: AccountVisitor;
  let grantId: string;
  beforeAll(async () => {
    app = await connectApp("octocat", "Under attack");
    visitor = await visitAccount(server, "octocat");
    const apps = appsOn(await visitor.page());
    grantId = apps.find(({ name }) => name === "Under attack")?.grantId ?? "";
  });

  const csrfOfHubot = async () => csrfOf(await (await visitAccount(server, "hubot")).page());

  it.each([
    ["no secret", async () => []],
    ["an empty secret", async () => [["csrf", ""]]],
    ["an invented secret", async () => [["csrf", "A".repeat(43)]]],
    ["another person's secret", async () => [["csrf", await csrfOfHubot()]]],
    [
      "the secret of the same person in another browser",
      async () => [["csrf", csrfOf(await (await visitAccount(server, "octocat")).page())]],
    ],
  ] as [string, () => Promise<[string, string][]>][])(
    "answers 403 and ends nothing with %s",
    async (_what, secret) => {
      const fields = await secret();

      const one = await visitor.submit("revoke", [...fields, ["grant", grantId]]);
      const all = await visitor.submit("revoke", [...fields, ["all", "yes"]]);

      expect([one.status, all.status]).toEqual([403, 403]);
      expect(await one.text()).toContain("Nothing was changed");
      expect(await app.status()).toBe(200);
    },
  );

  it.each(["cross-site", "same-site"])(
    "answers 403 and ends nothing when the browser says that it is %s",
    async (site) => {
      const body = new URLSearchParams({ csrf: csrfOf(await visitor.page()), grant: grantId });

      const response = await visitor.browser.fetch(`${server.url}/account/revoke`, {
        method: "POST",
        headers: { "sec-fetch-site": site },
        body,
      });

      expect(response.status).toBe(403);
      expect(await app.status()).toBe(200);
    },
  );

  it("answers 403 and ends nothing without a cookie", async () => {
    const body = new URLSearchParams({ csrf: csrfOf(await visitor.page()), grant: grantId });

    const response = await fetch(`${server.url}/account/revoke`, { method: "POST", body });

    expect(response.status).toBe(403);
    expect(await app.status()).toBe(200);
  });

  it("answers 413 and ends nothing when it is larger than any form of ours", async () => {
    const response = await visitor.submit("revoke", [
      ["csrf", csrfOf(await visitor.page())],
      ["grant", grantId],
      ["padding", "x".repeat(4096)],
    ]);

    expect(response.status).toBe(413);
    expect(await app.status()).toBe(200);
  });
});

describe("the grant of another person", () => {
  it("cannot be ended, and no object is touched", async () => {
    const app = await connectApp("hubot", "Hubot's own");
    const hubot = await visitAccount(server, "hubot");
    const grantId = appsOn(await hubot.page())[0]?.grantId ?? "";
    const octocat = await visitAccount(server, "octocat");
    const before = await grantObjects();

    const answers = [
      await octocat.press("revoke", ["grant", grantId]),
      await octocat.press("revoke", ["grant", `480938:${grantId}`]),
      await octocat.press("revoke", ["grant", "invented"]),
      await octocat.press("revoke"),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(await grantObjects()).toEqual(before);
    expect(await app.status()).toBe(200);
    expect(namesOn(await hubot.page())).toContain("Hubot&#39;s own");
  });
});
