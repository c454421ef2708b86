import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { callTool, type Connected, ERAS, textOf } from "../support/connect.ts";
import { logLines } from "../support/log-lines.ts";
import { refusalOf } from "../support/refusal.ts";
import { messageOf, openSession, send, toolCall } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { signIn } from "../support/sign-in.ts";

const WRITING = "writeNote";
const READING = ["add", "userInfoOctokit", "getGithubReadme", "whoami"];

let server: TestServer;
/** For all tools; a deploy ends no sign-in. */
let token: string;
beforeAll(async () => {
  const settings = { TOOLS: "", READ_ONLY: "" };
  server = await startServer({ main: "test/support/entries/writing-tool.ts", settings });
  ({ access_token: token } = await signIn(server, "octocat", { ticks: ["github:private"] }));
});
afterAll(() => server.close());

async function namesOf(client: Connected): Promise<string[]> {
  return (await client.listTools()).tools.map(({ name }) => name);
}

async function visit<Result>(
  connect: (typeof ERAS)[number]["connect"],
  use: (client: Connected) => Promise<Result>,
): Promise<Result> {
  const client = await connect(server.url, token);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

/** The tools that the start page lists. */
async function listedTools(): Promise<string[]> {
  const page = await (await fetch(server.url)).text();
  return [...READING, WRITING].filter((name) => page.includes(name));
}

describe("without settings for tools", () => {
  it.each(ERAS)("all are offered over $era", ({ connect }) =>
    visit(connect, async (client) => {
      expect(await namesOf(client)).toEqual([...READING, WRITING]);
      expect(textOf(await callTool(client, WRITING))).toBe("written");
    }),
  );
});

describe("a tool that is switched off", () => {
  it("is unknown to sessions that were opened before", async () => {
    const sessionId = await openSession(server, token);
    const call = async () =>
      messageOf(await send(server, { token, sessionId, message: toolCall(WRITING) }));
    expect((await call()).result.content[0].text).toBe("written");
    await server.redeploy({ TOOLS: "add" });

    const { result, error } = await call();

    expect(error?.message ?? result.content[0].text).toContain("writeNote not found");
  });
});

describe("EXAMPLE_TOOLS", () => {
  beforeAll(() => server.redeploy({ EXAMPLE_TOOLS: "true" }));

  it.each(ERAS)("adds the small tools of tutorials over $era", ({ connect }) =>
    visit(connect, async (client) => {
      const greeting = await callTool(client, "greet", { name: "Ada\u202E" });
      const product = await callTool(client, "multiply", { a: 1e308, b: -10 });

      expect(await namesOf(client)).toEqual([...READING, WRITING, "greet", "multiply"]);
      expect(textOf(greeting)).toBe("Hello, Ada!");
      expect(product.structuredContent).toEqual({ product: -Number.MAX_VALUE });
    }),
  );
});

describe("READ_ONLY", () => {
  beforeAll(() => server.redeploy({ READ_ONLY: "true" }));

  it.each(ERAS)("leaves no tool that changes something over $era", ({ connect }) =>
    visit(connect, async (client) => {
      expect(await namesOf(client)).toEqual(READING);
      expect(await refusalOf(client, WRITING)).toContain("writeNote");
      expect(textOf(await callTool(client, "add", { a: 1, b: 2 }))).toContain("3");
    }),
  );

  it("leaves none on the start page", async () => {
    expect(await listedTools()).toEqual(READING);
  });
});

describe("TOOLS", () => {
  beforeAll(() => server.redeploy({ TOOLS: "ADD, userInfoOctokit" }));

  it.each(ERAS)("leaves the tools that it names over $era", ({ connect }) =>
    visit(connect, async (client) => {
      expect(await namesOf(client)).toEqual(["add", "userInfoOctokit"]);
      expect(await refusalOf(client, "getGithubReadme", { url: "octocat/hello-world" })).toContain(
        "getGithubReadme",
      );
    }),
  );

  it("leaves them on the start page", async () => {
    expect(await listedTools()).toEqual(["add", "userInfoOctokit"]);
  });

  it("asks for no permission on behalf of a tool that is not there", async () => {
    const { access_token: token } = await signIn(server, "octocat");

    const sessionId = await openSession(server, token);
    const response = await send(server, { token, sessionId, message: toolCall(WRITING) });

    expect(response.status).toBe(200);
    await response.body?.cancel();
  });
});

describe("TOOLS with nothing for this person", () => {
  beforeAll(() => server.redeploy({ TOOLS: "generateImage" }));

  it.each(ERAS)("leaves an empty list over $era", ({ connect }) =>
    visit(connect, async (client) => {
      expect(await namesOf(client)).toEqual([]);
    }),
  );
});

describe("settings for tools that leave a question open", () => {
  it.each([
    {
      what: "a tool that does not exist",
      settings: { TOOLS: "add, subtract" },
      words: ["subtract", "add, userInfoOctokit, getGithubReadme, whoami, generateImage", "TOOLS"],
    },
    {
      what: "no tool at all",
      settings: { TOOLS: WRITING, READ_ONLY: "true" },
      words: ["READ_ONLY", "TOOLS"],
    },
    { what: "neither yes nor no", settings: { READ_ONLY: "yes" }, words: ["READ_ONLY"] },
    { what: "a list without a name", settings: { TOOLS: " , " }, words: ["TOOLS"] },
  ])("stop the Worker, and its log says why: $what", async ({ settings, words }) => {
    await server.redeploy(settings);
    server.harness.clearLogs();

    for (const path of ["/", "/health", "/mcp"]) {
      const response = await fetch(server.url + path);
      expect(response.status).toBe(500);
      expect(await response.text()).toContain("not configured");
    }
    await expect.poll(() => logLines(server, "misconfigured").length).toBeGreaterThan(0);
    const line = JSON.stringify(logLines(server, "misconfigured")[0]);
    for (const word of words) expect(line).toContain(word);
  });
});
