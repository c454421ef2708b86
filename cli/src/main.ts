#!/usr/bin/env node
import { Command } from "commander";

import { explain } from "./bridge-error.ts";
import { type ConnectionOptions, withConnectionOptions } from "./options.ts";
import { log, logAs } from "./output/log.ts";

/** Runs a command; its result is the exit code. Commands are loaded when they are asked for. */
function running(load: () => Promise<(options: ConnectionOptions) => Promise<number>>) {
  return async (options: ConnectionOptions): Promise<void> => {
    logAs({ level: options.logLevel, format: options.logFormat });
    const run = await load();
    process.exitCode = await run(options);
  };
}

const program = new Command("mcp-bridge").description(
  "A local stdio server for any remote MCP server.",
);

withConnectionOptions(
  program.command("run").description("relay stdin and stdout to a server"),
).action(running(async () => (await import("./commands/run.ts")).run));

try {
  await program.parseAsync();
} catch (error) {
  log("warn", explain(error));
  process.exitCode = 1;
}
