import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What each folder of `src` may import, besides itself and the leaves. Imports point down. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  bundle: [],
  limits: [],
  github: ["limits"],
  auth: ["github", "limits"],
  account: ["auth", "github", "limits"],
  tools: ["auth", "github", "limits"],
  pages: ["account", "auth", "github", "limits"],
  mcp: ["tools", "account", "auth", "github", "limits"],
  oauth: ["tools", "account", "auth", "github", "limits", "pages"],
  "routes.ts": ["mcp", "oauth", "pages", "tools", "account", "auth", "github", "limits"],
  "worker.ts": ["routes.ts", "mcp", "pages", "auth", "limits"],
  "index.ts": ["worker.ts", "mcp", "account", "oauth"],
};

const LEAVES = [
  "config.ts",
  "deadline.ts",
  "errors.ts",
  "log.ts",
  "own-response.ts",
  "request-context.ts",
  "setting-types.ts",
  "storage.ts",
];

/** Packages that have one home, or two. All others are forbidden in `src`. */
const PACKAGE_HOMES: Record<string, readonly string[]> = {
  "node:async_hooks": ["request-context.ts", "mcp"],
  zod: ["config.ts", "setting-types.ts", "auth", "github", "pages", "tools", "mcp", "bundle"],
  jose: ["auth"],
  octokit: ["github"],
  "@octokit/auth-app": ["github"],
  hono: ["oauth", "pages"],
  agents: ["mcp"],
  "cloudflare:workers": ["account", "auth", "oauth"],
  "@modelcontextprotocol/sdk": ["mcp"],
  "@modelcontextprotocol/server": ["mcp", "bundle"],
  "@cloudflare/workers-oauth-provider": ["oauth", "mcp", "auth", "routes.ts"],
};

interface Import {
  file: string;
  specifier: string;
}

function importsOf(folder: string): Import[] {
  const files = globSync(join(root, folder, "**/*.{ts,tsx,mjs}"));
  return files.flatMap((path) => {
    const file = relative(root, path);
    const specifiers = readFileSync(path, "utf8").matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g);
    return Array.from(specifiers, ([, specifier = ""]) => ({ file, specifier }));
  });
}

/** The folder or top-level file of `src` that a path belongs to. */
function roomOf(path: string): string {
  return relative("src", path).split("/")[0] ?? "";
}

function targetOf({ file, specifier }: Import): string {
  return normalize(join(dirname(file), specifier));
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

const isRelative = ({ specifier }: Import) => specifier.startsWith(".");

describe("imports in src", () => {
  const imports = importsOf("src");

  it("are found at all", () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it("point down only", () => {
    const wrong = imports.filter(isRelative).filter((each) => {
      const from = roomOf(each.file);
      const to = roomOf(targetOf(each));
      return from !== to && !LEAVES.includes(to) && !MAY_IMPORT[from]?.includes(to);
    });

    expect(wrong).toEqual([]);
  });

  it("start in a room that the table knows", () => {
    const unknown = imports.filter(
      ({ file }) => !(roomOf(file) in MAY_IMPORT) && !LEAVES.includes(roomOf(file)),
    );

    expect(unknown).toEqual([]);
  });

  it("of leaves name no room", () => {
    const wrong = imports
      .filter(isRelative)
      .filter(
        (each) => LEAVES.includes(roomOf(each.file)) && !LEAVES.includes(roomOf(targetOf(each))),
      );

    expect(wrong).toEqual([]);
  });

  it("of packages happen only where the package lives", () => {
    const wrong = imports
      .filter((each) => !isRelative(each))
      .filter(
        ({ file, specifier }) => !PACKAGE_HOMES[packageOf(specifier)]?.includes(roomOf(file)),
      );

    expect(wrong).toEqual([]);
  });
});

describe.each(["emulator", "bench", "scripts", "cli"])("imports in %s", (folder) => {
  // The documentation's tables are generated from the schemas that the Worker itself uses, and
  // service tokens are made of what checks them.
  const GENERATORS = ["scripts/docs.ts", "scripts/service-token.ts"];

  it("never reach into src", () => {
    const wrong = importsOf(folder)
      .filter(isRelative)
      .filter((each) => targetOf(each).startsWith("src/") && !GENERATORS.includes(each.file));

    expect(wrong).toEqual([]);
  });
});

describe("imports in tests", () => {
  it("reach into src from unit tests and test entries only", () => {
    const wrong = importsOf("test")
      .filter(isRelative)
      .filter((each) => targetOf(each).startsWith("src/"))
      .filter(
        ({ file }) => !file.startsWith("test/unit/") && !file.startsWith("test/support/entries/"),
      );

    expect(wrong).toEqual([]);
  });
});

describe("imports in cli", () => {
  const imports = importsOf("cli/src");

  it("stay within cli, since it is published by itself", () => {
    const wrong = imports
      .filter(isRelative)
      .filter((each) => !targetOf(each).startsWith("cli/src/"));

    expect(imports.length).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  });

  it("reach source, tests and benchmarks by no way but the options that documents list", () => {
    const wrong = ["src", "emulator", "bench", "test", "scripts"]
      .flatMap(importsOf)
      .filter((each) => isRelative(each) && targetOf(each).startsWith("cli/"))
      .filter(({ file }) => file !== "scripts/bridge-options-table.ts");

    expect(wrong).toEqual([]);
  });
});
