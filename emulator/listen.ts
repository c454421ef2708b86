import { type RequestListener, type Server, createServer } from "node:http";

import { errorCode } from "./error-code.ts";

const ATTEMPTS = 5;
/** Longer than clients keep idle connections, so that none is closed under a request. */
const KEEP_ALIVE_MS = 120_000;

/** One port on both loopback addresses, because `localhost` may mean either. */
export async function listenOnLoopback(
  port: number,
  listener: RequestListener,
  attempt = 1,
): Promise<Server[]> {
  const first = await listen(port, "127.0.0.1", listener);
  const chosen = portOf([first]);
  try {
    return [first, await listen(chosen, "::1", listener)];
  } catch (error) {
    const code = errorCode(error);
    if (code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT") return [first];
    await closeServers([first]);
    if (port !== 0 || attempt >= ATTEMPTS) throw error;
    return listenOnLoopback(port, listener, attempt + 1);
  }
}

export function portOf([server]: Server[]): number {
  const address = server?.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  return address.port;
}

/** Does not wait for callers who are still being answered. */
export async function closeServers(servers: Server[]): Promise<void> {
  const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
  for (const server of servers) server.closeAllConnections();
  await Promise.all(closed);
}

function listen(port: number, host: string, listener: RequestListener): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, listener);
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve(server);
    });
  });
}
