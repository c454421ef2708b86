import { randomUUID } from "node:crypto";

import type { GoogleEmulator } from "../../../emulator/google.ts";
import { type LoopbackSite, startSite } from "./loopback-site.ts";

const ACCOUNTS = "/computeMetadata/v1/instance/service-accounts";

/** What stands at 169.254.169.254 on Google's machines. */
export interface MetadataServer extends LoopbackSite {
  /** What makes Google's libraries find it. */
  readonly env: Readonly<Record<string, string>>;
  /** For whom it was asked for ID tokens so far. */
  readonly audiences: readonly string[];
  /** The ID tokens that it gave out so far. */
  readonly issued: readonly string[];
  /** How long its tokens live from now on. */
  liveFor(seconds: number): void;
  /** From now on, answers with this status whoever asks for an ID token. */
  failWith(status: number): void;
  /** From now on, sends whoever asks for an ID token there. */
  redirectTo(url: string): void;
}

export async function startMetadataServer(
  google: GoogleEmulator,
  email: string,
): Promise<MetadataServer> {
  const audiences: string[] = [];
  const issued: string[] = [];
  let life = 3600;
  let failure: number | undefined;
  let elsewhere: string | undefined;

  function identity(audience: string): string {
    audiences.push(audience);
    const exp = Math.floor(Date.now() / 1000) + life;
    const token = google.mint({ claims: { email, aud: audience, exp, jti: randomUUID() } });
    issued.push(token);
    return token;
  }

  const site = await startSite(({ url = "/", headers }, response) => {
    const { pathname, searchParams } = new URL(url, "http://metadata");
    response.setHeader("metadata-flavor", "Google");
    if (headers["metadata-flavor"] !== "Google") response.writeHead(403).end();
    else if (pathname !== `${ACCOUNTS}/default/identity`) {
      if (pathname === "/computeMetadata/v1/instance") response.end("service-accounts/\n");
      else response.writeHead(404).end();
    } else if (failure !== undefined) response.writeHead(failure).end();
    else if (elsewhere !== undefined) response.writeHead(307, { location: elsewhere }).end();
    else response.end(identity(searchParams.get("audience") ?? ""));
  });
  return {
    ...site,
    env: {
      GCE_METADATA_HOST: new URL(site.url).host,
      METADATA_SERVER_DETECTION: "assume-present",
    },
    audiences,
    issued,
    liveFor(seconds) {
      life = seconds;
    },
    failWith(status) {
      failure = status;
    },
    redirectTo(url) {
      elsewhere = url;
    },
  };
}
