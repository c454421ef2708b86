import { connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

import { StartError } from "./start-error.ts";

const LOOPBACK = ["127.0.0.1", "::1"];
const LAST_PORT = 65_535;

export function portFrom(name: string, fallback: number): number {
  const text = process.env[name]?.trim();
  if (!text) return fallback;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= LAST_PORT) return port;
  throw new StartError(`${name} is "${text}". It must be a whole number from 1 to ${LAST_PORT}.`);
}

/** Refuses a port that anything listens on, on either loopback address or on all of them. */
export async function refuseTakenPort(name: string, port: number): Promise<void> {
  for (const host of LOOPBACK) {
    const code = (await isAnswered(port, host)) ? "EADDRINUSE" : await listenError(port, host);
    if (code === "EADDRINUSE") throw portTaken(name, port);
    if (code === "EACCES") {
      throw new StartError(
        `Port ${port} needs rights that you do not have. Choose one from 1024: ${name}=${port + 8000} npm start.`,
      );
    }
  }
}

export function portTaken(name: string, port: number): StartError {
  const other = port + 2 <= LAST_PORT ? port + 2 : port - 2;
  return new StartError(
    `Port ${port} is taken. End what uses it, or choose another: ${name}=${other} npm start.`,
  );
}

/** What to listen on so that both http://localhost and http://127.0.0.1 are served. */
export async function loopbackName(): Promise<"localhost" | "127.0.0.1"> {
  // Containers without IPv6 often still list ::1 as localhost, and workerd then fails to listen.
  return (await listenError(0, "::1")) ? "127.0.0.1" : "localhost";
}

/** A killed listener holds its port for a moment. */
export async function waitUntilFree(port: number): Promise<void> {
  const giveUpAt = Date.now() + 1000;
  while (Date.now() < giveUpAt && (await listenError(port, "127.0.0.1"))) await delay(20);
}

/** macOS lets one listen on a loopback address beside a listener on all addresses. */
function isAnswered(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host }, () => finish(true));
    socket.once("error", () => finish(false));
    const finish = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
  });
}

function listenError(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
