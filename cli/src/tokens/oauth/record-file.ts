import { createHash, randomUUID } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { BridgeError } from "../../bridge-error.ts";
import { log } from "../../output/log.ts";
import { keepSecret } from "../../output/redact.ts";
import { type SignInRecord, signInRecord } from "./sign-in-record.ts";
import { HOME_VARIABLE, stateFolder } from "./state-folder.ts";

/** Where one record is kept: a file that only its owner may read. */
export interface RecordFile {
  readonly path: string;
  read(): Promise<SignInRecord | undefined>;
  write(record: SignInRecord): Promise<void>;
  forget(): Promise<void>;
}

const SUFFIX = ".json";

/** The file of a server and whatever else makes its tokens different ones. */
export function recordFileOf(...key: readonly (string | undefined)[]): RecordFile {
  const name = createHash("sha256").update(JSON.stringify(key)).digest("hex").slice(0, 32);
  return recordFile(join(stateFolder(), `${name}${SUFFIX}`));
}

/** The files of all servers. */
export async function recordFiles(): Promise<RecordFile[]> {
  const folder = stateFolder();
  const names = await readdir(folder).catch(ifMissing([]));
  return names
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => recordFile(join(folder, name)));
}

/** Makes the folder that records are kept in, for its owner alone. */
export async function makeStateFolder(): Promise<void> {
  const folder = stateFolder();
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
  } catch (error) {
    throw unwritable(error);
  }
}

function unwritable(cause: unknown): BridgeError {
  return new BridgeError("What is to be kept of the sign-in cannot be written.", {
    advice: `Check ${stateFolder()}, or name another folder in ${HOME_VARIABLE}.`,
    cause,
  });
}

function recordFile(path: string): RecordFile {
  return {
    path,
    async read() {
      const text = await readFile(path, "utf8").catch(ifMissing(undefined));
      if (text === undefined) return undefined;
      const record = parse(text);
      if (!record) await setAside(path);
      return record && heldSecret(record);
    },
    async write(record) {
      heldSecret(record);
      await makeStateFolder();
      // A reader sees the old record or the new one, never half of one.
      const fresh = `${path}.${randomUUID()}`;
      try {
        await writeFile(fresh, JSON.stringify(record), { mode: 0o600, flag: "wx" });
        await rename(fresh, path);
      } catch (error) {
        await rm(fresh, { force: true });
        throw unwritable(error);
      }
    },
    forget: () => rm(path, { force: true }),
  };
}

function parse(text: string): SignInRecord | undefined {
  try {
    return signInRecord.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** What nobody can read may still be of use to its owner: it is kept, out of the way. */
async function setAside(path: string): Promise<void> {
  const aside = `${path}.unreadable`;
  await rename(path, aside).catch(ifMissing(undefined));
  log("warn", "What was kept of an earlier sign-in cannot be read, and was set aside.", { aside });
}

function heldSecret(record: SignInRecord): SignInRecord {
  keepSecret(record.tokens?.access_token);
  keepSecret(record.tokens?.refresh_token);
  keepSecret(record.client?.client_secret);
  return record;
}

function ifMissing<T>(instead: T) {
  return (error: NodeJS.ErrnoException): T => {
    if (error.code !== "ENOENT") throw error;
    return instead;
  };
}
