import { startServer, type TestServer } from "../support/server.ts";
import { signIn } from "../support/sign-in.ts";
import { startBearerProxy } from "./bearer-proxy.ts";

/** The Worker with the referee's fixtures, and the address under which the referee knows it. */
export interface RefereeSite {
  readonly server: TestServer;
  /** Where what brings no token is signed with one that octocat allowed. */
  readonly signedUrl: string;
  /** Somebody else's token for the same address. */
  readonly otherToken: string;
  close(): Promise<void>;
}

export async function startRefereeSite(): Promise<RefereeSite> {
  const server = await startServer({ main: "test/support/entries/referee.ts" });
  const proxy = await startBearerProxy(server.url);
  const site = { url: proxy.url, github: server.github };
  const octocat = await signIn(site, "octocat");
  const hubot = await signIn(site, "hubot");
  proxy.signWith(octocat.access_token);
  return {
    server,
    signedUrl: proxy.url,
    otherToken: hubot.access_token,
    async close() {
      await proxy.close();
      await server.close();
    },
  };
}
