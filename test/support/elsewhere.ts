import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A host that is not GitHub, and remembers who came by. */
export interface Elsewhere {
  readonly url: string;
  /** Method, path and headers of every request, in the order of arrival. */
  readonly visits: readonly string[];
  close(): Promise<void>;
}

export async function startElsewhere(): Promise<Elsewhere> {
  const visits: string[] = [];
  const server = createServer((request, response) => {
    visits.push(JSON.stringify([request.method, request.url, request.rawHeaders]));
    response.setHeader("content-type", "application/vnd.github.v3.raw; charset=utf-8");
    response.end("# Written elsewhere\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    visits,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
