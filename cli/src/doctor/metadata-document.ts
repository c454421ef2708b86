import type { FetchLike } from "@modelcontextprotocol/client";

import { BridgeError } from "../bridge-error.ts";
import { isLoopback } from "../target.ts";
import type { Problem } from "./chart.ts";
import { PATIENCE_MS } from "./patient.ts";

/** Documents of a few kilobytes; what is larger is none. */
const MAX_LENGTH = 512 * 1024;

export type Fields = Readonly<Record<string, unknown>>;

export interface MetadataDocument {
  readonly at: URL;
  readonly fields: Fields;
}

/** https, or http to this machine. */
export function isSafe(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));
}

function fieldsOf(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The first document that is found at one of the addresses; undefined if there is none. Throws
 * `BridgeError` for an address that should not be asked, and for what is no JSON object.
 */
export async function findDocument(
  candidates: readonly URL[],
  send: FetchLike,
): Promise<MetadataDocument | undefined> {
  for (const at of candidates) {
    if (!isSafe(at)) {
      throw new BridgeError(`The document's address is not https: ${at.href}`, {
        advice: "Have the server name one that nobody on the way can change.",
      });
    }
    const response = await send(at, {
      headers: { accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!response.ok) {
      await response.body?.cancel();
      continue;
    }
    const text = await response.text();
    const fields = text.length <= MAX_LENGTH ? fieldsOf(text) : undefined;
    if (fields) return { at, fields };
    throw new BridgeError(`What is at ${at.href} is no JSON object.`, {
      advice: "Have the server put its metadata there, or answer 404.",
    });
  }
  return undefined;
}

/** The texts of a list; undefined for what is no list. */
export function listIn(fields: Fields, name: string): string[] | undefined {
  const value = fields[name];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : undefined;
}

export function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" ? value : undefined;
}

/** What is wrong with an endpoint; nothing for one that is absent, unless it is needed. */
export function endpointProblems(
  fields: Fields,
  name: string,
  { needed }: { needed: boolean },
): Problem[] {
  const text = textIn(fields, name);
  if (text === undefined) {
    return needed ? [{ what: `${name} is missing.`, advice: "Add it (RFC 8414, section 2)." }] : [];
  }
  if (URL.canParse(text) && isSafe(new URL(text))) return [];
  return [
    { what: `${name} is not https.`, advice: "Give an https address; no client uses another." },
  ];
}
