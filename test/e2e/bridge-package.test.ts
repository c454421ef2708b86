import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type PackedBridge, packBridge } from "../support/packed-bridge.ts";

let bridge: PackedBridge;
beforeAll(() => {
  bridge = packBridge();
}, 60_000);
afterAll(() => bridge.remove());

const run = (...args: string[]) =>
  execFileSync(process.execPath, [bridge.main, ...args], { encoding: "utf8" });

describe("the package of the bridge", () => {
  it("holds compiled JavaScript, its licence and what it is, and nothing else", () => {
    const others = bridge.files.filter((path) => !/^dist\/([\w/-]+\.js|LICENSES\.txt)$/.test(path));

    expect(others.toSorted()).toEqual(["LICENSE", "README.md", "package.json"]);
    expect(bridge.files).toContain("dist/main.js");
  });

  it("starts as a command of its own", () => {
    expect(readFileSync(bridge.main, "utf8").startsWith("#!/usr/bin/env node\n")).toBe(true);
    expect(run("--help")).toContain("mcp-bridge");
  });

  it.each(["run", "debug", "install", "uninstall", "logout"])("has the command %s", (command) => {
    expect(run(command, "--help")).toContain("--url <url>");
  });

  it.each(["run", "debug"])("loads %s on the Node.js that npm itself runs on", (command) => {
    const { npm_node_execpath: node = process.execPath } = process.env;
    const words = ["--url", "http://127.0.0.1:1/mcp", "--token-source", "none"];

    const ended = spawnSync(node, [bridge.main, command, ...words], {
      encoding: "utf8",
      input: "",
    });

    expect(ended.stderr).not.toContain("SyntaxError");
    expect(ended.status).toBe(command === "run" ? 0 : 1);
  });

  it("writes a client's configuration that starts the installed program", () => {
    const words = ["install", "--client", "cursor", "--url", "https://mcp.example.com/mcp"];

    expect(run(...words, "--print")).toContain(JSON.stringify(bridge.main));
  });
});
