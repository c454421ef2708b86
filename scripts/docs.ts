import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type * as z from "zod";

import { type BridgeFigures, bridgeTable } from "../bench/bridge/bridge-table.ts";
import { SCOPES } from "../src/auth/scopes.ts";
import { settings } from "../src/config.ts";
import { needsGitHub, type Tool } from "../src/tools/define-tool.ts";
import { exampleTools } from "../src/tools/examples.ts";
import { tools } from "../src/tools/index.ts";
import { bridgeOptionsTable } from "./bridge-options-table.ts";
import { abuseTable, limitsTable } from "./limits-tables.ts";
import { markdownTable } from "./markdown-table.ts";
import { operationsTable } from "./operations-table.ts";
import { SECURITY_GROUPS, securityIndex } from "./security-index.ts";

/** Writes the tables that the documentation takes from the code; with --check it only compares. */

/** Who sees a tool. */
function audienceOf(tool: Tool): string {
  if (exampleTools.includes(tool)) return "everyone, with `EXAMPLE_TOOLS`";
  if (tool.isOffered) return "people in `IMAGE_LOGINS`";
  if (tool.peopleOnly) return "people";
  return needsGitHub(tool) ? "people, and services with a GitHub App" : "everyone";
}

function toolsTable(): string {
  const rows = [...tools, ...exampleTools].map((tool) => [
    `\`${tool.name}\``,
    tool.description,
    tool.scopes.map((scope) => `\`${scope}\``).join(", "),
    audienceOf(tool),
  ]);
  return markdownTable(["Tool", "What it does", "Scopes", "For"], rows);
}

/** What a setting is without a value: required, or its default. */
function defaultOf(schema: z.ZodType): string {
  const parsed = schema.safeParse(undefined);
  if (!parsed.success) return "**required**";
  const isPlain = ["string", "number"].includes(typeof parsed.data) && parsed.data !== "";
  return isPlain ? `\`${String(parsed.data)}\`` : "none";
}

function settingsTable(): string {
  const rows = Object.entries(settings.shape).map(([name, schema]) => [
    `\`${name}\``,
    schema.description ?? "",
    defaultOf(schema),
  ]);
  return markdownTable(["Setting", "What it is", "Default"], rows);
}

function scopesTable(): string {
  const rows = Object.entries(SCOPES).map(([scope, { title, detail }]) => [
    `\`${scope}\``,
    title,
    detail,
  ]);
  return markdownTable(["Scope", "In words", "What it allows"], rows);
}

function bridgeFiguresTable(): string {
  const recorded = new URL("../docs/results/bridge.json", import.meta.url);
  return bridgeTable(JSON.parse(readFileSync(recorded, "utf8")) as BridgeFigures);
}

const security = securityIndex(fileURLToPath(new URL("..", import.meta.url)));

const TABLES: Record<string, () => string> = {
  tools: toolsTable,
  settings: settingsTable,
  scopes: scopesTable,
  authorizationCases: () => security.table(SECURITY_GROUPS.authorizationCases),
  mcpCases: () => security.table(SECURITY_GROUPS.mcpCases),
  faultCases: () => security.table(SECURITY_GROUPS.faultCases),
  waysInCases: () => security.table(SECURITY_GROUPS.waysInCases),
  abuseCases: () => security.table(SECURITY_GROUPS.abuseCases),
  accountCases: () => security.table(SECURITY_GROUPS.accountCases),
  proof: security.proof,
  operations: operationsTable,
  limits: limitsTable,
  abuse: abuseTable,
  bridgeOptions: bridgeOptionsTable,
  bridgeFigures: bridgeFiguresTable,
};

const PAGES = [
  "README.md",
  "docs/bridge.md",
  "docs/configuration.md",
  "docs/limits.md",
  "docs/security.md",
  "docs/tools.md",
];

function regenerate(page: string): string {
  return page.replace(
    /(<!-- (\w+):start -->\n)[\s\S]*?(\n<!-- \2:end -->)/g,
    (whole, start, name, end) => {
      const make = TABLES[String(name)];
      return make ? `${start}\n${make()}\n${end}` : whole;
    },
  );
}

const isCheck = process.argv.includes("--check");

function update(name: string): void {
  const path = fileURLToPath(new URL(`../${name}`, import.meta.url));
  const before = readFileSync(path, "utf8");
  const after = regenerate(before);
  if (after === before) return;
  if (!isCheck) return writeFileSync(path, after);
  console.error(`${name} is not what the code says. Run: npm run docs`);
  process.exitCode = 1;
}

for (const name of PAGES) {
  try {
    update(name);
  } catch (error) {
    console.error(`${name} cannot be written. ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
