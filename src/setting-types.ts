import * as z from "zod";

import { LOG_LEVELS } from "./log.ts";

/** How settings are written, whichever they are: as text, from `wrangler.jsonc` or as secrets. */

const text = z.string().default("");

function entriesOf(text: string): Set<string> {
  const entries = text.split(",").map((entry) => entry.trim().toLowerCase());
  return new Set(entries.filter((entry) => entry !== ""));
}

export const list = text.transform(entriesOf);

/** A list that limits something. An empty one limits nothing, so commas alone are a fault. */
export const limit = text
  .refine((text) => text.trim() === "" || /[^\s,]/.test(text), "must name something, or be empty")
  .transform(entriesOf);

export const login = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]*$/, "must be logins, such as octocat,hubot");

/** One line of plain text: nothing in it can change how the words around it are read. */
export const plainLine = z
  .string()
  .trim()
  .max(200)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, "must be one line of plain text")
  .transform((text) => (text === "" ? undefined : text))
  .optional();

/** In a text, as in `.dev.vars`, or as JSON has it. An unknown word must not be taken for "no". */
export const flag = z
  .union([z.boolean(), z.enum(["true", "false", ""])], "must be true or false")
  .default(false)
  .transform((value) => value === true || value === "true");

/** From which level on the log is written. A word that is none must not make it silent. */
export const logLevel = z
  .enum([...LOG_LEVELS, ""], "must be info, warn or error")
  .default("info")
  .transform((level) => (level === "" ? "info" : level));

/** A whole number of seconds between two others; the usual one where nothing is set. */
export function seconds(usual: number, { min, max }: { min: number; max: number }) {
  return z
    .preprocess(
      (value) => (value === "" ? usual : value),
      z.coerce.number().int().min(min).max(max),
    )
    .default(usual);
}

export const secret = z.string().min(32, "must have at least 32 characters");

export const secrets = z
  .string()
  .default("")
  .transform((text) => text.split(",").map((entry) => entry.trim()))
  .transform((entries) => entries.filter((entry) => entry !== ""))
  .pipe(z.array(secret));

/** An origin alone: a scheme and a host, with no path, query, fragment or credentials. */
function originOf(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const bare = url && !url.username && !url.search && !url.hash && url.pathname === "/";
  return bare ? url.origin : undefined;
}

export function isLoopbackHost(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

export const safeOrigin = z.string().transform((text, context) => {
  const origin = originOf(text);
  if (origin?.startsWith("https:") || (origin && isLoopbackHost(new URL(origin).hostname))) {
    return origin;
  }
  const message = "must be an origin like https://host, without a path (http only on loopback)";
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

/** An address of something: https, or http on loopback. */
export const safeUrl = z.string().refine((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "https:" || (url?.protocol === "http:" && isLoopbackHost(url.hostname));
}, "must be an https URL (http only on loopback)");

/** A list whose entries differ by case. */
export const exactList = text.transform(
  (text) =>
    new Set(
      text
        .split(",")
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ""),
    ),
);

/** PEM's words are in the way of nothing: a line end may be written as `\\n`, as in `.dev.vars`. */
export const privateKey = text
  .transform((text) => text.replaceAll("\\n", "\n").trim())
  .refine(
    (text) => text === "" || text.startsWith("-----BEGIN PRIVATE KEY-----"),
    "must be in PKCS #8: openssl pkcs8 -topk8 -nocrypt -in key.pem",
  );

/** Who may present an ID token of Google, as Google's IAM writes members, and the scopes that they get. */
export interface Principal {
  readonly kind: "user" | "serviceAccount" | "domain";
  /** An e-mail address or a domain, in lower case. */
  readonly name: string;
  /** Empty for those that everybody gets. */
  readonly scopes: readonly string[];
}

const PRINCIPAL = /^(user|serviceAccount|domain):([^\s=]+)(?:=(.+))?$/;

function principalOf(entry: string): Principal | undefined {
  const [, kind, name = "", scopes = ""] = PRINCIPAL.exec(entry) ?? [];
  if (kind !== "user" && kind !== "serviceAccount" && kind !== "domain") return undefined;
  if ((kind === "domain") === name.includes("@")) return undefined;
  const words = scopes.split(" ").filter((word) => word !== "");
  return { kind, name: name.toLowerCase(), scopes: words };
}

export const principals = exactList.transform((entries, context): readonly Principal[] => {
  const known = [...entries].map((entry) => principalOf(entry));
  const found = known.filter((principal) => principal !== undefined);
  if (found.length === known.length) return found;
  const message =
    "must be serviceAccount:ADDRESS, user:ADDRESS or domain:NAME, each with =SCOPES or without";
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});
