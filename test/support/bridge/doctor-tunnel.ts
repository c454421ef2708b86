import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** An HTTP proxy that leads everything to one server, whatever its name (RFC 9110, section 9.3.6). */
export interface Tunnel {
  readonly url: string;
  /** Where programs wanted to go, such as mcp.example:80. */
  readonly led: readonly string[];
  close(): Promise<void>;
}

export async function startTunnel(to: string): Promise<Tunnel> {
  const { hostname, port } = new URL(to);
  const led: string[] = [];
  const sockets = new Set<Socket>();
  const proxy = createServer();
  proxy.on("connect", ({ url = "" }, socket: Socket) => {
    led.push(url);
    const onward = connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      socket.pipe(onward).pipe(socket);
    });
    for (const end of [socket, onward]) {
      sockets.add(end);
      end.on("error", () => end.destroy());
    }
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    led,
    async close() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, "close");
    },
  };
}
