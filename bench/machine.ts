import { readFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";

import { workerdVersion } from "./workers/miniflare.ts";

const COMPARED_PACKAGES = [
  "wrangler",
  "agents",
  "@cloudflare/workers-oauth-provider",
  "@modelcontextprotocol/sdk",
  "@modelcontextprotocol/server",
  "zod",
];

/** What the figures were measured on, one fact a line. */
export function describeMachine(): string[] {
  const manifest = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  ) as Record<"dependencies" | "devDependencies", Record<string, string>>;
  const versions = { ...manifest.devDependencies, ...manifest.dependencies };
  const processors = cpus();
  return [
    `${processors.length} cores, ${processors[0]?.model.trim() ?? "of an unknown model"}, ${platform()} ${arch()}`,
    `Node ${process.versions.node}, workerd ${workerdVersion()}`,
    COMPARED_PACKAGES.map((name) => `${name} ${versions[name]}`).join(", "),
  ];
}
