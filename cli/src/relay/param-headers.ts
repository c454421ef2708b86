import { isRecord } from "./json-rpc.ts";

/** A parameter of a tool that a header repeats. */
export interface ParamHeader {
  readonly name: string;
  /** Where its value is in the arguments: names of properties, from the outside in. */
  readonly path: readonly string[];
}

const ANNOTATION = "x-mcp-header";

/** `token` of RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

const TYPES: readonly unknown[] = ["string", "integer", "boolean"];

/** An annotation somewhere, at any depth: only those below `properties` alone can be followed. */
function mentions(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(mentions);
  return isRecord(value) && (ANNOTATION in value || Object.values(value).some(mentions));
}

/** What JSON Schema says as data: an annotation inside is no annotation. */
const DATA = new Set(["const", "default", "enum", "examples"]);

function faultOf(schema: Record<string, unknown>, path: readonly string[]): string | undefined {
  const { [ANNOTATION]: name, type } = schema;
  if (path.length === 0) return "the schema itself cannot be a header";
  if (typeof name !== "string" || !TOKEN.test(name)) return "a header's name is no HTTP token";
  return TYPES.includes(type) ? undefined : "only a string, an integer or a boolean can be one";
}

/** Collects a schema's headers; returns what is wrong with them. */
function collect(
  schema: unknown,
  path: readonly string[],
  found: ParamHeader[],
): string | undefined {
  if (!isRecord(schema)) return undefined;
  if (ANNOTATION in schema) {
    const fault = faultOf(schema, path);
    if (fault !== undefined) return fault;
    found.push({ name: String(schema[ANNOTATION]), path });
  }
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === "properties" && isRecord(value)) {
      for (const [property, inner] of Object.entries(value)) {
        const fault = collect(inner, [...path, property], found);
        if (fault !== undefined) return fault;
      }
    } else if (keyword !== ANNOTATION && !DATA.has(keyword) && mentions(value)) {
      return `an annotation under ${keyword} cannot be followed`;
    }
  }
  return undefined;
}

/**
 * The headers that a tool's `inputSchema` declares, or why the tool must not be used (SEP-2243, "Schema
 * Extension").
 */
export function paramHeadersOf(inputSchema: unknown): readonly ParamHeader[] | { fault: string } {
  const found: ParamHeader[] = [];
  const fault = collect(inputSchema, [], found);
  if (fault !== undefined) return { fault };
  const names = new Set(found.map(({ name }) => name.toLowerCase()));
  return names.size === found.length ? found : { fault: "two parameters share a header" };
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce((at, key) => (isRecord(at) ? at[key] : undefined), value);
}

/** A value as text; undefined for one that makes no header (SEP-2243, "Value Encoding"). */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "boolean" || Number.isSafeInteger(value) ? String(value) : undefined;
}

/** What can stand in a header stays as it is; all else is wrapped, and so is what looks wrapped. */
function encoded(text: string): string {
  const plain = /^[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?$/.test(text);
  if (plain && !(text.startsWith("=?base64?") && text.endsWith("?="))) return text;
  return `=?base64?${Buffer.from(text, "utf8").toString("base64")}?=`;
}

/** `Mcp-Param-*` for the arguments of a call. */
export function paramHeaders(
  declared: readonly ParamHeader[],
  given: unknown,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { name, path } of declared) {
    const text = textOf(valueAt(given, path));
    if (text !== undefined) headers[`Mcp-Param-${name}`] = encoded(text);
  }
  return headers;
}
