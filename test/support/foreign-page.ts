import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A page of somebody else, at an address that is another site than the Worker's. */
export interface ForeignPage {
  readonly url: string;
  close(): Promise<void>;
}

export async function startForeignPage(html: string): Promise<ForeignPage> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
