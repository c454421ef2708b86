#!/usr/bin/env node
import { Command, Option } from "commander";

import { explain } from "./bridge-error.ts";
import { CLIENT_NAMES } from "./clients/known-clients.ts";
import type { InstallOptions } from "./commands/install.ts";
import type { UninstallOptions } from "./commands/uninstall.ts";
import { type ConnectionOptions, withConnectionOptions } from "./options.ts";
import { log, logAs } from "./output/log.ts";

/** Runs a command; its result is the exit code. Commands are loaded when they are asked for. */
function running<O extends ConnectionOptions>(
  load: () => Promise<(options: O) => Promise<number>>,
) {
  return async (options: O): Promise<void> => {
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

withConnectionOptions(
  program.command("logout").description("revoke and forget a sign-in to a server"),
).action(running(async () => (await import("./commands/logout.ts")).logout));

withConnectionOptions(
  program
    .command("debug")
    .description("say step by step whether a server can be reached and used, and what to do")
    .option("--json", "one JSON document instead of lines", false),
).action(running(async () => (await import("./commands/debug.ts")).debug));

/** Gives a command what names a server in a client's configuration. */
function withClientOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--client <name>", "the client").choices(CLIENT_NAMES).makeOptionMandatory(),
    )
    .requiredOption("--url <url>", "the server's address")
    .option("--name <name>", "what the client calls it (default: its host name)")
    .option("--print", "only show the change", false);
}

withClientOptions(program.command("install").description("add a server to a client"))
  .option("--direct", "without the bridge: the client speaks to the server itself", false)
  .argument("[arguments...]", "more arguments of run, after --")
  .action(async (runArguments: string[], options: Omit<InstallOptions, "runArguments">) => {
    const { install } = await import("./commands/install.ts");
    process.exitCode = await install({ ...options, runArguments });
  });

withClientOptions(program.command("uninstall").description("take a server out of a client")).action(
  async (options: UninstallOptions) => {
    const { uninstall } = await import("./commands/uninstall.ts");
    process.exitCode = await uninstall(options);
  },
);

try {
  await program.parseAsync();
} catch (error) {
  log("warn", explain(error));
  process.exitCode = 1;
}
