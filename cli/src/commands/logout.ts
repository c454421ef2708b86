import type { FetchLike } from "@modelcontextprotocol/client";

import { networkFetch } from "../http/network.ts";
import type { ConnectionOptions } from "../options.ts";
import { log } from "../output/log.ts";
import { targetUrl } from "../target.ts";
import { oauthFetch } from "../tokens/oauth/oauth-fetch.ts";
import { type RecordFile, recordFiles } from "../tokens/oauth/record-file.ts";
import { type Revocation, revoke } from "../tokens/oauth/revoke.ts";

const SAID: Readonly<Record<Revocation, string>> = {
  revoked: "Logged out: the tokens were revoked, and are forgotten here.",
  failed:
    "Forgot the tokens here, but the authorization server did not revoke them: remove the access there.",
  unsupported:
    "Forgot the tokens here. The authorization server revokes none: they end by themselves.",
};

/** Takes back and forgets every sign-in to a server, whatever client and resource it was for. */
export async function logout(options: ConnectionOptions): Promise<number> {
  const server = targetUrl(options.url, options);
  const send = await networkFetch(options);
  const files = await recordFiles();
  const said = await Promise.all(files.map((file) => forget(file, server, send)));
  const found = said.filter((revocation) => revocation !== undefined);
  for (const revocation of found)
    log(revocation === "failed" ? "warn" : "info", SAID[revocation], { server: server.href });
  if (found.length === 0) log("info", "There was no sign-in to forget.", { server: server.href });
  return 0;
}

/** Resolves to undefined when the file is another server's. */
async function forget(
  file: RecordFile,
  server: URL,
  send: FetchLike,
): Promise<Revocation | undefined> {
  const record = await file.read();
  if (record?.server !== server.href) return undefined;
  const revocation = await revoke(record, oauthFetch(send, server, new AbortController().signal));
  await file.forget();
  return revocation;
}
