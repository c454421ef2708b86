import { connectionOptions } from "../cli/src/options.ts";
import { markdownTable } from "./markdown-table.ts";

type Option = ReturnType<typeof connectionOptions>[number];

function descriptionOf({ description, argChoices }: Option): string {
  if (!argChoices) return description;
  return `${description}: ${argChoices.map((choice) => `\`${choice}\``).join(", ")}`;
}

function defaultOf({ mandatory, defaultValue: value }: Option): string {
  if (mandatory && value === undefined) return "**required**";
  return typeof value === "string" || typeof value === "number" ? `\`${value}\`` : "none";
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
