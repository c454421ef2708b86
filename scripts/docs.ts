import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type * as z from "zod";

import { SCOPES } from "../src/auth/scopes.ts";
import { settings } from "../src/config.ts";
import { tools } from "../src/tools/index.ts";

/** Writes the tables that the documentation takes from the code; with --check it only compares. */

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** Padded as the formatter pads, so that both agree. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const [titles = [], ...body] = [head, ...rows].map((cells) => cells.map(cell));
  const widths = titles.map((title, column) =>
    Math.max(3, title.length, ...body.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  return [titles, rule, ...body].map(line).join("\n");
}

function toolsTable(): string {
  const rows = tools.map(({ name, description, scopes, isOffered }) => [
    `\`${name}\``,
    description,
    scopes.map((scope) => `\`${scope}\``).join(", "),
    isOffered ? "people in `IMAGE_LOGINS`" : "everyone",
  ]);
  return table(["Tool", "What it does", "Scopes", "For"], rows);
}

/** What a setting is without a value: required, or its default. */
function defaultOf(schema: z.ZodType): string {
  const parsed = schema.safeParse(undefined);
  if (!parsed.success) return "**required**";
  return typeof parsed.data === "string" ? `\`${parsed.data}\`` : "none";
}

function settingsTable(): string {
  const rows = Object.entries(settings.shape).map(([name, schema]) => [
    `\`${name}\``,
    schema.description ?? "",
    defaultOf(schema),
  ]);
  return table(["Setting", "What it is", "Default"], rows);
}

function scopesTable(): string {
  const rows = Object.entries(SCOPES).map(([scope, { title, detail }]) => [
    `\`${scope}\``,
    title,
    detail,
  ]);
  return table(["Scope", "In words", "What it allows"], rows);
}

const TABLES: Record<string, () => string> = {
  tools: toolsTable,
  settings: settingsTable,
  scopes: scopesTable,
};

const PAGES = ["README.md", "docs/configuration.md", "docs/tools.md"];

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
for (const name of PAGES) {
  const path = fileURLToPath(new URL(`../${name}`, import.meta.url));
  const before = readFileSync(path, "utf8");
  const after = regenerate(before);
  if (after === before) continue;
  if (isCheck) {
    console.error(`${name} is not what the code says. Run: npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, after);
  }
}
