import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { generate } from "selfsigned";

/** A certificate that is its own authority. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** The file that holds `cert`. */
  readonly file: string;
  remove(): Promise<void>;
}

/** Makes a certificate for 127.0.0.1 and for a name that only a proxy of the test's can find. */
export async function makeCertificate(name: string): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), "mcp-bridge-tls-"));
  const file = join(folder, "authority.pem");
  const { private: key, cert } = await generate([{ name: "commonName", value: name }], {
    keySize: 2048,
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: name },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  await writeFile(file, cert);
  return { key, cert, file, remove: () => rm(folder, { recursive: true, force: true }) };
}
