import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createProxy, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

import { generate } from "selfsigned";

/** What Google's libraries ask when they turn somebody's credentials into an ID token. */
const HOSTS = ["iamcredentials.googleapis.com", "oauth2.googleapis.com", "www.googleapis.com"];

/** Google's names, with certificates of our own, for a program that takes a proxy's word for it. */
export interface GoogleFront {
  /** What a program must have in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What was asked of Google so far, such as `POST oauth2.googleapis.com/token`. */
  readonly asked: readonly string[];
  /** Other hosts that a program wanted to reach. It reached none of them. */
  readonly refused: readonly string[];
  close(): Promise<void>;
}

/**
 * A proxy on loopback that leads {@link HOSTS} to the local Google, and everything else nowhere.
 * The certificate is its own authority.
 */
export async function startGoogleFront(googleUrl: string): Promise<GoogleFront> {
  const folder = await mkdtemp(join(tmpdir(), "github-mcp-worker-google-"));
  const authority = join(folder, "cert.pem");
  const { private: key, cert } = await makeCertificate();
  await writeFile(authority, cert);
  const asked: string[] = [];
  const refused: string[] = [];

  const tls = createTlsServer({ key, cert }, (request, response) => {
    asked.push(`${request.method} ${request.headers.host}${request.url}`);
    passOn(googleUrl, request, response).catch(() => response.destroy());
  });
  const sockets = new Set<Socket>();
  const proxy = createProxy((request, response) => {
    refused.push(request.url ?? "");
    response.writeHead(403).end();
  });
  proxy.on("connect", ({ url = "" }: IncomingMessage, socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    if (!HOSTS.some((host) => url === `${host}:443`)) {
      refused.push(url);
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    tls.emit("connection", socket);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");

  return {
    env: {
      HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      NO_PROXY: "localhost,127.0.0.1,::1",
      NODE_EXTRA_CA_CERTS: authority,
    },
    asked,
    refused,
    async close() {
      for (const socket of sockets) socket.destroy();
      proxy.closeAllConnections();
      proxy.close();
      await once(proxy, "close");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function makeCertificate() {
  const altNames = HOSTS.map((value) => ({ type: 2 as const, value }));
  return generate([{ name: "commonName", value: "A Google of this test alone" }], {
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames },
    ],
  });
}

async function passOn(
  googleUrl: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "GET", url = "/", headers } = request;
  const sent = ["authorization", "content-type"].flatMap((name) => {
    const value = headers[name];
    return typeof value === "string" ? [[name, value] as [string, string]] : [];
  });
  const body = await buffer(request);
  const answer = await fetch(new URL(url, googleUrl), {
    method,
    headers: sent,
    body: body.length > 0 ? body : null,
  });
  const type = answer.headers.get("content-type") ?? "application/json";
  response.writeHead(answer.status, { "content-type": type });
  response.end(Buffer.from(await answer.arrayBuffer()));
}
