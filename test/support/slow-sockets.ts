import { connect, type Socket } from "node:net";

/** A client at the level of bytes. */
export interface SlowClient {
  /** What it sends, once; after that it says no more. */
  readonly sends: string;
  /** Whether it takes one byte a second of what comes, or everything. */
  readonly reads: "a byte" | "all";
}

/** Sockets that such clients hold open. One that the server closes is opened again. */
export class SlowSockets {
  readonly #address: { host: string; port: number };
  readonly #open = new Map<number, { client: SlowClient; socket: Socket }>();
  #isOver = false;
  /** How often the server has closed one. */
  closed = 0;

  constructor(origin: string, clients: readonly SlowClient[]) {
    const { hostname, port } = new URL(origin);
    this.#address = { host: hostname, port: Number(port) };
    for (const [index, client] of clients.entries()) this.#connect(index, client);
  }

  #connect(index: number, client: SlowClient): void {
    const socket = connect(this.#address);
    this.#open.set(index, { client, socket });
    // What is not taken stays in the kernel, and then with the server.
    if (client.reads === "a byte") socket.pause();
    else socket.resume();
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (this.#isOver) return;
      this.closed += 1;
      this.#connect(index, client);
    });
    socket.write(client.sends);
  }

  /** Takes a byte from each slow reader for which one is there; returns how many there were. */
  readByte(): number {
    let bytes = 0;
    for (const { client, socket } of this.#open.values()) {
      if (client.reads !== "a byte") continue;
      const chunk = socket.read(1) as Buffer | null;
      bytes += chunk?.length ?? 0;
    }
    return bytes;
  }

  end(): void {
    this.#isOver = true;
    for (const { socket } of this.#open.values()) socket.destroy();
  }
}
