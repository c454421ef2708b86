import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { runBridge, type CommandResult } from "../support/bridge-command.ts";

const URL_TEXT = "https://mcp.example.com/mcp";

/** Where each client keeps its servers on Linux, and how it calls an address of its own. */
const DIRECT = [
  { client: "cursor", file: ".cursor/mcp.json", servers: "mcpServers", direct: { url: URL_TEXT } },
  {
    client: "vscode",
    file: ".config/Code/User/mcp.json",
    servers: "servers",
    direct: { type: "http", url: URL_TEXT },
  },
  {
    client: "gemini",
    file: ".gemini/settings.json",
    servers: "mcpServers",
    direct: { type: "http", url: URL_TEXT },
  },
] as const;

const CLIENTS = [
  ...DIRECT,
  { client: "claude", file: ".config/Claude/claude_desktop_config.json", servers: "mcpServers" },
] as const;

let home = "";
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "bridge-home-")));
});
afterEach(() => rmSync(home, { recursive: true }));

const inHome = (file: string) => join(home, file);
const read = (file: string) => readFileSync(inHome(file), "utf8");

function write(file: string, text: string): void {
  mkdirSync(dirname(inHome(file)), { recursive: true });
  writeFileSync(inHome(file), text);
}

function command(...args: string[]): Promise<CommandResult> {
  return runBridge(args, { HOME: home });
}

const install = (client: string, ...more: string[]) =>
  command("install", "--client", client, "--url", URL_TEXT, ...more);
const uninstall = (client: string, ...more: string[]) =>
  command("uninstall", "--client", client, "--url", URL_TEXT, ...more);

const backupsOf = (file: string) =>
  readdirSync(dirname(inHome(file))).filter((name) => name.endsWith(".backup"));

interface Launch {
  command: string;
  args: string[];
}

describe.each(CLIENTS)("mcp-bridge install --client $client", ({ client, file, servers }) => {
  it("writes how to start this program into a new file that only its owner reads", async () => {
    const { code, stdout } = await install(client);

    expect(code).toBe(0);
    expect(stdout).toContain(inHome(file));
    const written = JSON.parse(read(file)) as Record<string, Record<string, Launch>>;
    const { command: program, args } = written[servers]!["mcp.example.com"]!;
    expect(existsSync(program)).toBe(true);
    expect(existsSync(args[0]!)).toBe(true);
    expect(args.slice(1)).toEqual(["run", "--url", URL_TEXT]);
    expect(statSync(inHome(file)).mode & 0o777).toBe(0o600);
  });

  it("is undone by uninstall to the byte, beside other servers and comments", async () => {
    const before = `{\n\t// mine\n\t"${servers}": {\n\t\t"other": { "command": "x", "args": [] }\n\t},\n\t"theme": "dark"\n}\n`;
    write(file, before);

    await install(client);
    const between = read(file);
    const { code } = await uninstall(client);

    expect(between).toContain("// mine");
    expect(between).toContain('"other": { "command": "x", "args": [] }');
    expect(between).toContain("mcp.example.com");
    expect(code).toBe(0);
    expect(read(file)).toBe(before);
  });

  it("writes nothing with --print", async () => {
    const { code, stdout } = await install(client, "--print");

    expect(code).toBe(0);
    expect(stdout).toContain(`"${servers}"`);
    expect(existsSync(inHome(file))).toBe(false);
  });
});

describe.each(DIRECT)("mcp-bridge install --direct --client $client", (at) => {
  it("writes the address in the client's own words, which uninstall takes out", async () => {
    const { code } = await install(at.client, "--direct");
    const written = JSON.parse(read(at.file)) as unknown;
    await uninstall(at.client);

    expect(code).toBe(0);
    expect(written).toEqual({ [at.servers]: { "mcp.example.com": at.direct } });
    expect(JSON.parse(read(at.file))).toEqual({ [at.servers]: {} });
  });
});

describe("mcp-bridge install --direct --client claude", () => {
  it("says that Claude Desktop's file cannot hold an address, and writes nothing", async () => {
    const { code, stderr } = await install("claude", "--direct");

    expect(code).toBe(1);
    expect(stderr).toContain("can only name programs");
    expect(existsSync(inHome(".config"))).toBe(false);
  });
});

describe("mcp-bridge install", () => {
  const file = ".cursor/mcp.json";

  it("keeps what was there in a backup, with the file's own rights and behind its link", async () => {
    const before = '{"mcpServers": {}}\n';
    write("dotfiles/cursor.json", before);
    chmodSync(inHome("dotfiles/cursor.json"), 0o640);
    mkdirSync(inHome(".cursor"));
    symlinkSync(inHome("dotfiles/cursor.json"), inHome(file));

    const { stdout } = await install("cursor");

    expect(backupsOf("dotfiles/cursor.json")).toHaveLength(1);
    const [backup = ""] = backupsOf("dotfiles/cursor.json");
    expect(stdout).toContain(backup);
    expect(read(`dotfiles/${backup}`)).toBe(before);
    expect(statSync(inHome("dotfiles/cursor.json")).mode & 0o777).toBe(0o640);
    expect(realpathSync(inHome(file))).toBe(inHome("dotfiles/cursor.json"));
    expect(read(file)).toContain("mcp.example.com");
  });

  it("keeps line ends, indentation and a byte order mark", async () => {
    const before = '\uFEFF{\r\n    "mcpServers": {\r\n        "a": {}\r\n    }\r\n}\r\n';
    write(file, before);

    await install("cursor", "--direct");

    const text = read(file);
    expect(text.startsWith('\uFEFF{\r\n    "mcpServers": {\r\n        "a": {},\r\n')).toBe(true);
    expect(text.replaceAll("\r\n", "")).not.toContain("\n");
    await uninstall("cursor");
    expect(read(file)).toBe(before);
  });

  it.each([
    ["an empty list", '{"mcpServers": {}}'],
    ["a list on one line", '{"mcpServers": {"a": {}}}'],
    ["a trailing comma", '{\n  "mcpServers": {\n    "a": {},\n  },\n}'],
    ["an empty list with a comment", '{\n  "mcpServers": {\n    // none yet\n  }\n}\n'],
  ])("adds to %s what uninstall takes out to the byte", async (_, before) => {
    write(file, before);

    expect(await install("cursor", "--direct")).toMatchObject({ code: 0 });
    expect(read(file)).toContain("https://mcp.example.com/mcp");
    expect(await uninstall("cursor")).toMatchObject({ code: 0 });

    expect(read(file)).toBe(before);
  });

  it("changes nothing when it is there already, and refuses a name that another server has", async () => {
    await install("cursor");
    const text = read(file);

    const again = await install("cursor");
    const other = await install("cursor", "--direct");

    expect(again).toMatchObject({ code: 0, stderr: "" });
    expect(again.stdout).toContain("already");
    expect(other.code).toBe(1);
    expect(other.stderr).toContain("--name");
    expect(read(file)).toBe(text);
    expect(backupsOf(file)).toEqual([]);
  });

  it.each([
    ["is not JSON", '{"mcpServers": {\n"a": }}', "look at line 2"],
    ["is a list", "[]", "no object"],
    ["keeps its servers in a list", '{"mcpServers": []}', "no object"],
  ])("leaves a file alone that %s, and says so", async (_, text, words) => {
    write(file, text);

    const { code, stderr } = await install("cursor");

    expect(code).toBe(1);
    expect(stderr).toContain(words);
    expect(read(file)).toBe(text);
  });

  it("hands options of run on, and refuses those that run does not know", async () => {
    await install("cursor", "--name", "a", "--", "--token-source", "gcloud");
    const { code, stderr } = await install("cursor", "--name", "b", "--", "--token-sauce", "x");

    const written = JSON.parse(read(file)) as { mcpServers: Record<string, Launch> };
    expect(written.mcpServers["a"]!.args.slice(-2)).toEqual(["--token-source", "gcloud"]);
    expect(written.mcpServers["b"]).toBeUndefined();
    expect(code).toBe(1);
    expect(stderr).toContain("--token-sauce");
  });

  it.each(["ftp://host/mcp", "host/mcp", "http://host.example/mcp", "https://u:p@host/mcp"])(
    "refuses the address %s",
    async (url) => {
      const { code, stderr } = await command("install", "--client", "cursor", "--url", url);

      expect(code).toBe(1);
      expect(stderr).not.toBe("");
      expect(existsSync(inHome(file))).toBe(false);
    },
  );
});

describe("mcp-bridge uninstall", () => {
  const file = ".cursor/mcp.json";

  it("leaves a server alone that has the name and another address", async () => {
    const text = '{"mcpServers": {"mcp.example.com": {"url": "https://elsewhere.example/mcp"}}}';
    write(file, text);

    const { code, stderr } = await uninstall("cursor");

    expect(code).toBe(1);
    expect(stderr).toContain("another address");
    expect(read(file)).toBe(text);
  });

  it("says so and writes nothing when the server is not there", async () => {
    const { code, stdout } = await uninstall("cursor");

    expect(code).toBe(0);
    expect(stdout).toContain("Nothing was changed");
    expect(existsSync(inHome(file))).toBe(false);
  });
});
