import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { generate } from "selfsigned";

export interface CertificateOptions {
  /** For whom it is; localhost, if absent. */
  readonly name?: string;
  /** When it ended, if it has. */
  readonly ended?: Date;
}

/** An https server with a certificate that is its own authority. */
export interface CertifiedSite {
  /** Such as https://localhost:43210. */
  readonly url: string;
  /** The certificate's file, for --ca. */
  readonly file: string;
  close(): Promise<void>;
}

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

export async function startCertifiedSite(
  listener: RequestListener,
  { name = "localhost", ended }: CertificateOptions = {},
): Promise<CertifiedSite> {
  const pair = await generate([{ name: "commonName", value: "An authority of this test alone" }], {
    algorithm: "sha256",
    notBeforeDate: new Date(Date.now() - 2 * YEAR_MS),
    notAfterDate: ended ?? new Date(Date.now() + YEAR_MS),
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [{ type: 2, value: name }] },
    ],
  });
  const folder = await mkdtemp(join(tmpdir(), "github-mcp-worker-certificate-"));
  const file = join(folder, "cert.pem");
  await writeFile(file, pair.cert);
  const server = createServer({ key: pair.private, cert: pair.cert }, listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    file,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
