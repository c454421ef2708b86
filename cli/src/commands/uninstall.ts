import { BridgeError } from "../bridge-error.ts";
import { readConfig, writeConfig } from "../clients/config-file.ts";
import { type ClientName, KNOWN_CLIENTS } from "../clients/known-clients.ts";
import { ServerList } from "../clients/server-list.ts";
import { targetUrl } from "../target.ts";

export interface UninstallOptions {
  readonly client: ClientName;
  readonly url: string;
  readonly name?: string;
  readonly print: boolean;
}

/** Whether an entry leads to an address, itself or through the bridge. */
function leadsTo(entry: unknown, url: URL): boolean {
  if (typeof entry !== "object" || entry === null) return false;
  const { url: direct, args }: { url?: unknown; args?: unknown } = entry;
  const words: unknown[] = Array.isArray(args) ? args : [direct];
  return words.some(
    (word) => typeof word === "string" && URL.canParse(word) && new URL(word).href === url.href,
  );
}

/** Undoes what `install` did: takes the server out, and nothing else. Throws `BridgeError`. */
export async function uninstall(options: UninstallOptions): Promise<number> {
  const client = KNOWN_CLIENTS[options.client];
  const url = targetUrl(options.url, { allowHttp: true });
  const name = options.name ?? url.hostname;
  const file = await readConfig(client.configFile());
  const list = new ServerList(file.text, [client.servers, name]);
  const found = list.entry();
  if (found === undefined) {
    process.stdout.write(`${client.title} has no server called ${name}. Nothing was changed.\n`);
    return 0;
  }
  if (!leadsTo(found, url)) {
    throw new BridgeError(`The server called ${name} in ${client.title} is at another address.`, {
      advice: "Nothing was changed. Give the address that it has, or remove it by hand.",
    });
  }
  process.stdout.write(`${file.path}\n- ${client.servers}: ${name}\n`);
  if (options.print) return 0;
  const backup = await writeConfig(file, list.without());
  if (backup !== undefined) process.stdout.write(`What was there is kept in ${backup}\n`);
  process.stdout.write(`${client.afterwards}\n`);
  return 0;
}
