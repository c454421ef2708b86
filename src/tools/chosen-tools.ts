import type { Config } from "../config.ts";
import { ConfigError } from "../errors.ts";
import type { Tool } from "./define-tool.ts";
import { exampleTools } from "./examples.ts";
import { tools } from "./index.ts";

const keyOf = ({ name }: Tool) => name.toLowerCase();

function fault(setting: string, what: string): ConfigError {
  return new ConfigError(`The Worker is not configured.\n✖ ${what}\n  → at ${setting}`);
}

/**
 * The tools that the settings leave, in the order in which clients see them. The others do not
 * exist on this server, for anybody. Throws {@link ConfigError}.
 */
export function chosenTools(config: Config): readonly Tool[] {
  const { toolNames, readOnly } = config;
  const all = config.exampleTools ? [...tools, ...exampleTools] : tools;
  const unknown = [...toolNames].filter((name) => !all.some((tool) => keyOf(tool) === name));
  if (unknown.length > 0) {
    const known = all.map(({ name }) => name).join(", ");
    throw fault("TOOLS", `no tool is named ${unknown.join(", ")}; the tools are ${known}`);
  }
  const chosen = all.filter(
    (tool) =>
      (toolNames.size === 0 || toolNames.has(keyOf(tool))) &&
      (!readOnly || tool.annotations.readOnlyHint),
  );
  if (chosen.length === 0) throw fault("TOOLS", "READ_ONLY leaves none of these tools");
  return chosen;
}
