import { connectionOptions } from "../cli/src/options.ts";
import { markdownTable } from "./markdown-table.ts";

type Option = ReturnType<typeof connectionOptions>[number];

function descriptionOf({ description, argChoices }: Option): string {
  if (!argChoices) return description;
  return `${description}: ${argChoices.map((choice) => `\`${choice}\``).join(", ")}`;
}

function defaultOf(option: Option): string {
  const value = option.defaultValue as string | number | boolean | readonly unknown[] | undefined;
  if (option.mandatory && value === undefined) return "**required**";
  if (option.isBoolean() || value === undefined || Array.isArray(value)) return "none";
  return `\`${value}\``;
}

/** What `mcp-bridge run` and `mcp-bridge debug` can be told. */
export function bridgeOptionsTable(): string {
  const rows = connectionOptions().map((option) => [
    `\`${option.flags}\``,
    descriptionOf(option),
    defaultOf(option),
  ]);
  return markdownTable(["Option", "What it is", "Default"], rows);
}
