import { createServer, request as forward } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";

/** A server on loopback that passes everything on, and signs what brings no token once it has one. */
export interface BearerProxy {
  readonly url: string;
  /** From here on every request carries this token, or one of its own. */
  signWith(token: string): void;
  close(): Promise<void>;
}

/**
 * The referee cannot sign in. Host and Origin go on as they came, since scenarios test them, and so
 * the Worker is served under the proxy's own address.
 */
export async function startBearerProxy(target: string): Promise<BearerProxy> {
  const { hostname, port } = new URL(target);
  let token: string | undefined;

  const server = createServer((request, response) => {
    const { method, url: path } = request;
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...request.headers,
    };
    // No connection is used twice, since the Worker's end may close one just as it is reused.
    const upstream = forward({ hostname, port, method, path, headers, agent: false });
    upstream.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      // An event stream may stay empty for long; its headers must not wait for the first event.
      response.flushHeaders();
      pipeline(answer, response).catch(() => response.destroy());
    });
    upstream.on("error", () => response.destroy());
    response.on("close", () => {
      if (!response.writableFinished) upstream.destroy();
    });
    request.pipe(upstream);
  });

  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    signWith(next) {
      token = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
