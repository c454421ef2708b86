import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
} from "jsonc-parser";

import { BridgeError } from "../bridge-error.ts";
import type { ServerEntry } from "./client-program.ts";

/** Where a server is in a configuration: below which property, by which name. */
export type ServerPath = readonly [servers: string, name: string];

const BYTE_ORDER_MARK = "\uFEFF";

/** How the file is written already. */
interface Layout {
  readonly indent: string;
  readonly eol: string;
}

function layoutOf(text: string): Layout {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? "  ";
  return { indent, eol: text.includes("\r\n") ? "\r\n" : "\n" };
}

/** Throws `BridgeError` for what is no JSON object, or keeps no servers where they belong. */
function rootOf(text: string, [servers]: ServerPath): Node {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (!root || error) {
    const line = text.slice(0, error?.offset).split("\n").length;
    throw new BridgeError(`The client's configuration is not JSON: look at line ${line}.`, {
      advice: "Mend it first. Nothing was changed.",
    });
  }
  const list = findNodeAtLocation(root, [servers]);
  if (root.type !== "object" || (list && list.type !== "object")) {
    throw new BridgeError(`The client's configuration has no object "${servers}".`, {
      advice: "Mend it first. Nothing was changed.",
    });
  }
  return root;
}

const endOf = ({ offset, length }: Node) => offset + length;

/** The text with one more property at an object's end; not a character of the rest changes. */
function inserted(text: string, object: Node, depth: number, property: [string, unknown]): string {
  const { indent, eol } = layoutOf(text);
  const [name, value] = property;
  const margin = eol + indent.repeat(depth);
  const json = JSON.stringify(value, undefined, indent).replaceAll("\n", margin);
  const line = `${margin}${JSON.stringify(name)}: ${json}`;
  const last = object.children?.at(-1);
  if (last) return `${text.slice(0, endOf(last))},${line}${text.slice(endOf(last))}`;
  const start = object.offset + 1;
  const rest = text.slice(start, endOf(object) - 1);
  const close = rest.includes("\n") ? "" : eol + indent.repeat(depth - 1);
  return text.slice(0, start) + line + close + text.slice(start);
}

/** The text without an object's property, as it was before {@link inserted}. */
function removed(text: string, object: Node, property: Node): string {
  const siblings = object.children ?? [];
  const index = siblings.indexOf(property);
  const [before, after] = [siblings[index - 1], siblings[index + 1]];
  if (before) return text.slice(0, endOf(before)) + text.slice(endOf(property));
  if (after) return text.slice(0, property.offset) + text.slice(after.offset);
  const rest = text.slice(endOf(property)).replace(/^,?\s*\}/, "}");
  return text.slice(0, object.offset + 1) + rest;
}

/** A configuration's JSON, in which comments and trailing commas are allowed. */
export class ServerList {
  readonly #mark: string;
  readonly #text: string;
  readonly #path: ServerPath;
  readonly #root: Node;

  /** No file, or an empty one, is an empty configuration. Throws `BridgeError`. */
  constructor(text: string | undefined, path: ServerPath) {
    const whole = text ?? "";
    this.#mark = whole.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
    const json = whole.slice(this.#mark.length);
    this.#text = json.trim() === "" ? "{}\n" : json;
    this.#path = path;
    this.#root = rootOf(this.#text, path);
  }

  /** What the configuration has under the server's name. */
  entry(): unknown {
    const node = findNodeAtLocation(this.#root, [...this.#path]);
    return node && (getNodeValue(node) as unknown);
  }

  /** The configuration with this server at the end of its list; all else stays as it is. */
  with(entry: ServerEntry): string {
    const [servers, name] = this.#path;
    const list = findNodeAtLocation(this.#root, [servers]);
    const text = list
      ? inserted(this.#text, list, 2, [name, entry])
      : inserted(this.#text, this.#root, 1, [servers, { [name]: entry }]);
    return this.#mark + text;
  }

  /** The configuration without the server; all else stays as it is. */
  without(): string {
    const list = findNodeAtLocation(this.#root, [this.#path[0]]);
    const property = findNodeAtLocation(this.#root, [...this.#path])?.parent;
    return this.#mark + (list && property ? removed(this.#text, list, property) : this.#text);
  }
}
