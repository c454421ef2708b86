import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { callTool, type Connected, ERAS } from "../../support/connect.ts";
import { HANG_MS } from "../../support/hang.ts";
import { refusalOf } from "../../support/refusal.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";

const BUSY = "The image model is not available right now. Try again in a minute.";
const NOTHING = "The image model drew nothing. Try again with other words.";

let withImages: TestServer;
let withoutImages: TestServer;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  const settings = { IMAGE_LOGINS: "mona, OctoCat" };
  [withImages, withoutImages] = await Promise.all([
    startServer({ main: "test/support/entries/with-images.ts", settings }),
    startServer({ settings }),
  ]);
  for (const login of ["octocat", "hubot"]) {
    tokens[login] = (await signIn(withImages, login)).access_token;
  }
  tokens["octocat elsewhere"] = (await signIn(withoutImages, "octocat")).access_token;
});
afterAll(() => Promise.all([withImages.close(), withoutImages.close()]));

async function namesOf(client: Connected): Promise<string[]> {
  return (await client.listTools()).tools.map(({ name }) => name);
}

/** The stand-in for the model draws what it was asked for, as base64. */
function drawn(data: string | undefined): unknown {
  return JSON.parse(Buffer.from(data ?? "", "base64").toString());
}

describe.each(ERAS)("generateImage over $era", ({ connect }) => {
  let client: Connected;
  beforeAll(async () => {
    client = await connect(withImages.url, tokens["octocat"] ?? "");
  });
  afterAll(() => client.close());

  it("is listed for a login of IMAGE_LOGINS, however the list spells it", async () => {
    expect(await namesOf(client)).toEqual([
      "add",
      "userInfoOctokit",
      "getGithubReadme",
      "whoami",
      "generateImage",
    ]);
  });

  it("draws a picture with four steps unless told otherwise", async () => {
    const result = await callTool(client, "generateImage", { prompt: "a squid" });

    expect(result.structuredContent).toEqual({
      prompt: "a squid",
      steps: 4,
      mimeType: "image/jpeg",
    });
    expect(result.content).toEqual([
      { type: "text", text: "A picture was drawn in 4 steps." },
      { type: "image", mimeType: "image/jpeg", data: expect.any(String) },
    ]);
    expect(drawn(result.content[1]?.data)).toEqual({ prompt: "a squid", steps: 4 });
  });

  it.each([4, 5, 6, 7, 8])("draws with %i steps when told so", async (steps) => {
    const result = await callTool(client, "generateImage", { prompt: "a squid", steps });

    expect(drawn(result.content[1]?.data)).toEqual({ prompt: "a squid", steps });
  });

  it("returns a picture of two megabytes whole", async () => {
    const result = await callTool(client, "generateImage", { prompt: "a large picture" });

    expect(result.content[1]?.data?.length).toBe(2 * 1024 * 1024);
  });

  it.each([0, 3, 9, 100, -4, 4.5, "4", null])("refuses %j steps", async (steps) => {
    const refusal = await refusalOf(client, "generateImage", { prompt: "a squid", steps });

    expect(refusal).toMatch(/steps/);
  });

  it.each([
    { what: "no prompt", args: {} },
    { what: "an empty prompt", args: { prompt: "" } },
    { what: "a prompt that is no text", args: { prompt: 7 } },
    { what: "a prompt that is longer than the model reads", args: { prompt: "a".repeat(2049) } },
  ])("refuses $what", async ({ args }) => {
    const refusal = await refusalOf(client, "generateImage", args);

    expect(refusal).toMatch(/prompt/);
  });

  it.each([
    { prompt: "a failure", says: BUSY },
    { prompt: "nothing", says: NOTHING },
    { prompt: "an empty picture", says: NOTHING },
    { prompt: "a picture that is no text", says: NOTHING },
    { prompt: "a picture that is no base64", says: NOTHING },
    { prompt: "a stream", says: NOTHING },
  ])("says what to do when the model answers with $prompt", async ({ prompt, says }) => {
    const result = await callTool(client, "generateImage", { prompt });

    expect(result).toMatchObject({ isError: true, content: [{ type: "text", text: says }] });
    expect(result.content).toHaveLength(1);
  });

  it("is absent for everyone else, and refused like a tool that does not exist", async () => {
    const other = await connect(withImages.url, tokens["hubot"] ?? "");

    const refusal = await refusalOf(other, "generateImage", { prompt: "a squid" });

    expect(await namesOf(other)).not.toContain("generateImage");
    const unknown = await refusalOf(other, "noSuchTool", { prompt: "a squid" });
    expect(refusal).toBe(unknown.replace("noSuchTool", "generateImage"));
    await other.close();
  });

  it("is absent without a Workers AI binding, and refused like a tool that does not exist", async () => {
    const bare = await connect(withoutImages.url, tokens["octocat elsewhere"] ?? "");

    const refusal = await refusalOf(bare, "generateImage", { prompt: "a squid" });

    expect(await namesOf(bare)).not.toContain("generateImage");
    const unknown = await refusalOf(bare, "noSuchTool", { prompt: "a squid" });
    expect(refusal).toBe(unknown.replace("noSuchTool", "generateImage"));
    await bare.close();
  });
});

describe("generateImage", () => {
  it("gives up in every era when the model never answers, and serves the next call", async () => {
    const clients = await Promise.all(
      ERAS.map(({ connect }) => connect(withImages.url, tokens["octocat"] ?? "")),
    );
    const startedAt = Date.now();

    const results = await Promise.all(
      clients.map((client) => callTool(client, "generateImage", { prompt: "a hang" })),
    );

    expect(Date.now() - startedAt).toBeLessThan(HANG_MS);
    for (const result of results) {
      expect(result).toMatchObject({ isError: true, content: [{ type: "text", text: BUSY }] });
    }
    for (const client of clients) {
      const next = await callTool(client, "generateImage", { prompt: "a squid" });
      expect(next.isError ?? false).toBe(false);
      await client.close();
    }
  });

  it("writes nothing of what the model said into answers or logs", async () => {
    const client = await ERAS[2]?.connect(withImages.url, tokens["octocat"] ?? "");

    const result = await callTool(client!, "generateImage", { prompt: "a failure" });

    expect(JSON.stringify(result)).not.toMatch(/AiError|gho_/);
    expect(JSON.stringify(withImages.harness.getLogs())).not.toMatch(/gho_/);
    await client?.close();
  });
});
