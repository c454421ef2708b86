import { connect, type Socket } from "node:net";

import type { TestServer } from "./server.ts";

type Site = Pick<TestServer, "url">;

/** Connections that cost the server more than they bring. */
export interface SlowSockets {
  /** Begins to read what has waited; resolves with what came on each. */
  read(): Promise<string[]>;
  close(): void;
}

async function open(site: Site, head: string): Promise<Socket> {
  const { hostname, port } = new URL(site.url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on("error", () => undefined);
  await new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  socket.write(head);
  socket.pause();
  return socket;
}

/** Opens so many connections that send this much of a request, and read nothing of its answer. */
export async function openSlowSockets(
  site: Site,
  count: number,
  head: string,
): Promise<SlowSockets> {
  const sockets = await Promise.all(Array.from({ length: count }, () => open(site, head)));
  return {
    read: () =>
      Promise.all(
        sockets.map(async (socket) => {
          let text = "";
          for await (const chunk of socket) {
            text += String(chunk);
            if (text.includes("\r\n\r\n")) break;
          }
          return text;
        }),
      ),
    close: () => sockets.forEach((socket) => socket.destroy()),
  };
}
