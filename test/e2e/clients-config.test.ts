import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startTestStack, type TestStack } from "../support/stack.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

interface Instructions {
  client: string;
  /** What the person copies. */
  code: string;
}

async function instructionsAt(origin: string): Promise<Instructions[]> {
  const page = await (await fetch(origin, { headers: { accept: "text/html" } })).text();
  return [...page.matchAll(/<details>(.*?)<\/details>/gs)].map(([, details = ""]) => ({
    client: textOf(/<h3>(.*?)<\/h3>/s.exec(details)?.[1]),
    code: textOf(/<pre[^>]*>(.*?)<\/pre>/s.exec(details)?.[1]),
  }));
}

function textOf(html = ""): string {
  return html
    .replace(/<[^>]*>/g, "")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}

describe.each(["localhost", "127.0.0.1"])("the start page at %s", (host) => {
  const origin = () => stack.url.replace("localhost", host);

  it("gives each client the address that it was itself reached at", async () => {
    const instructions = await instructionsAt(origin());

    const addresses = instructions.map(({ client, code }) => [
      client,
      code.match(/https?:\/\/[^\s"]+/g),
    ]);
    const address = [`${origin()}/mcp`];
    expect(addresses).toEqual([
      ["Claude", address],
      ["Claude Code", address],
      ["Claude Desktop with mcp-remote", address],
      ["Cursor", address],
      ["VS Code", address],
      ["Gemini CLI", address],
      ["Workers AI Playground", address],
      ["MCP Inspector", address],
      ["Any other client", address],
    ]);
  });

  it("shows files that are valid JSON", async () => {
    const instructions = await instructionsAt(origin());

    const files = instructions.filter(({ code }) => code.startsWith("{"));
    expect(files.map(({ client }) => client)).toEqual([
      "Claude Desktop with mcp-remote",
      "Cursor",
      "VS Code",
    ]);
    for (const { code } of files) expect(() => JSON.parse(code)).not.toThrow();
  });
});
