import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

/** A request that has arrived completely. */
export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** The caller's mistake; answered with the status and the message. */
export class BadInput extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

/** A body above the limit is read no further, and its sender still hears the answer. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const arriving = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of arriving) {
    size += chunk.length;
    if (size > limit) throw new BadInput(`The body is larger than ${limit} bytes.`, 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export type Fields = Record<string, unknown>;

export function jsonFields(body: Buffer): Fields {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw new BadInput("The body is not JSON.");
  }
  if (!isFields(value)) throw new BadInput("The body is not a JSON object.");
  return value;
}

/** Form or JSON, as GitHub's OAuth endpoints accept both. */
export function formOrJsonFields(call: Call): Fields {
  if (call.headers["content-type"]?.includes("json")) return jsonFields(call.body);
  return Object.fromEntries(new URLSearchParams(call.body.toString("utf8")));
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function textField(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === "string" ? value : "";
}

export function requiredText(fields: Fields, name: string): string {
  const value = textField(fields, name);
  if (!value) throw new BadInput(`"${name}" must be a string that is not empty.`);
  return value;
}

/** A path such as /repos/octocat/hello-world as its decoded segments. */
export function segments(path: string): string[] {
  try {
    return path.split("/").slice(1).map(decodeURIComponent);
  } catch {
    throw new BadInput("The path holds a broken percent escape.");
  }
}

export interface BasicCredentials {
  clientId: string;
  clientSecret: string;
}

export function basicCredentials(authorization: string | undefined): BasicCredentials | undefined {
  const encoded = /^basic\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  if (!encoded) return undefined;
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  if (colon < 0) return undefined;
  return { clientId: decoded.slice(0, colon), clientSecret: decoded.slice(colon + 1) };
}
