import { BridgeError } from "../bridge-error.ts";
import type { ClientProgram, ServerEntry } from "../clients/client-program.ts";
import { readConfig, writeConfig } from "../clients/config-file.ts";
import { type ClientName, KNOWN_CLIENTS } from "../clients/known-clients.ts";
import { ServerList } from "../clients/server-list.ts";
import { thisProgram } from "../clients/this-program.ts";
import { checkRunArguments } from "../run-arguments.ts";
import { targetUrl } from "../target.ts";

export interface InstallOptions {
  readonly client: ClientName;
  readonly url: string;
  /** What the client calls the server; its host name when absent. */
  readonly name?: string;
  /** Without the bridge: the client speaks to the server itself. */
  readonly direct: boolean;
  /** Only show what would be written. */
  readonly print: boolean;
  /** More arguments of `run`, as they are. */
  readonly runArguments: readonly string[];
}

function entryOf(
  client: ClientProgram,
  url: string,
  { direct, runArguments }: InstallOptions,
): ServerEntry {
  if (!direct) return client.launch(thisProgram(["run", "--url", url, ...runArguments]));
  if (runArguments.length > 0) {
    throw new BridgeError("Options of run are the bridge's, which --direct leaves out.", {
      advice: "Leave out either.",
    });
  }
  if (!client.direct) {
    throw new BridgeError(`${client.title}'s file can only name programs, not addresses.`, {
      advice: `Leave --direct out, or add ${url} as a connector in its settings.`,
    });
  }
  return client.direct(url);
}

function shown(text: string): string {
  return text
    .split("\n")
    .map((line) => `+ ${line}`)
    .join("\n");
}

/** Adds a server to a client's own configuration, beside those that are there. Throws `BridgeError`. */
export async function install(options: InstallOptions): Promise<number> {
  const client = KNOWN_CLIENTS[options.client];
  const allowHttp = options.runArguments.includes("--allow-http");
  const url = targetUrl(options.url, { allowHttp });
  const name = options.name ?? url.hostname;
  checkRunArguments(url.href, options.runArguments);
  const entry = entryOf(client, url.href, options);
  const file = await readConfig(client.configFile());
  const list = new ServerList(file.text, [client.servers, name]);
  const found = list.entry();
  if (found !== undefined && JSON.stringify(found) !== JSON.stringify(entry)) {
    throw new BridgeError(`${client.title} already has a server called ${name}.`, {
      advice: "Choose another name with --name, or remove it first: mcp-bridge uninstall.",
    });
  }
  const change = JSON.stringify({ [client.servers]: { [name]: entry } }, undefined, 2);
  process.stdout.write(`${file.path}\n${shown(change)}\n`);
  if (options.print) return 0;
  if (found !== undefined) {
    process.stdout.write("It is there already. Nothing was changed.\n");
    return 0;
  }
  const backup = await writeConfig(file, list.with(entry));
  if (backup !== undefined) process.stdout.write(`What was there is kept in ${backup}\n`);
  process.stdout.write(`${client.afterwards}\n`);
  return 0;
}
