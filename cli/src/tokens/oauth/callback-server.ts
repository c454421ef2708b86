import { timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

import { unlessAborted } from "../unless-aborted.ts";
import { type CallbackPage, callbackPage } from "./callback-page.ts";

const HOST = "127.0.0.1";
const PATH = "/callback";

/** What the authorization server says by way of the browser, and the page that the person is owed. */
export interface CallbackAnswer {
  readonly parameters: URLSearchParams;
  show(page: CallbackPage): void;
}

export interface CallbackServer {
  readonly redirectUri: string;
  /** Resolves once; what does not belong to this sign-in is turned away. Rejects with the signal's reason. */
  answer(signal: AbortSignal): Promise<CallbackAnswer>;
  close(): void;
}

/**
 * Waits on this machine for the browser to come back (RFC 8252, section 7.3), on the port that an
 * earlier sign-in had if it is free.
 */
export async function callbackServer(state: string, port: number): Promise<CallbackServer> {
  const server = createServer();
  let settle: (answer: CallbackAnswer) => void = () => undefined;
  const answered = new Promise<CallbackAnswer>((resolve) => (settle = resolve));
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = targetOf(request);
    const show = (name: CallbackPage): void => {
      const { status, headers, body } = callbackPage(name);
      response.writeHead(status, headers).end(body);
    };
    if (pathname !== PATH) show("unknown");
    else if (request.method !== "GET" || !belongs(searchParams, state)) show("waiting");
    else settle({ parameters: searchParams, show });
  });
  await listen(server, port);
  const address = server.address();
  const chosen = typeof address === "object" && address ? address.port : 0;
  return {
    redirectUri: `http://${HOST}:${chosen}${PATH}`,
    answer: (signal) => unlessAborted(answered, signal),
    close() {
      server.close();
      // The page that was just shown is still on its way.
      server.closeIdleConnections();
    },
  };
}

/** What is asked for. Any page can ask for anything here, `//` too, which is no address. */
function targetOf({ url = "/" }: IncomingMessage): URL {
  const origin = `http://${HOST}`;
  return new URL(URL.canParse(url, origin) ? url : "/", origin);
}

async function listen(server: Server, port: number): Promise<void> {
  const listening = once(server, "listening");
  server.listen(port, HOST);
  try {
    await listening;
  } catch (error) {
    if (port === 0) throw error;
    await listen(server, 0);
  }
}

/** An answer to the page that was opened: each parameter once, its state, and a code or an error. */
function belongs(parameters: URLSearchParams, state: string): boolean {
  const names = [...parameters.keys()];
  if (new Set(names).size !== names.length) return false;
  if (!parameters.get("code") && !parameters.get("error")) return false;
  const given = Buffer.from(parameters.get("state") ?? "");
  const expected = Buffer.from(state);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
