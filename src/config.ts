import * as z from "zod";

import { ConfigError } from "./errors.ts";

const DAY_SECONDS = 24 * 60 * 60;

const text = z.string().default("");

function entriesOf(text: string): Set<string> {
  const entries = text.split(",").map((entry) => entry.trim().toLowerCase());
  return new Set(entries.filter((entry) => entry !== ""));
}

const list = text.transform(entriesOf);

/** A list that limits something. An empty one limits nothing, so commas alone are a fault. */
const limit = text
  .refine((text) => text.trim() === "" || /[^\s,]/.test(text), "must name something, or be empty")
  .transform(entriesOf);

const login = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, "must be logins, such as octocat,hubot");

/** One line of plain text: nothing in it can change how the words around it are read. */
const plainLine = z
  .string()
  .trim()
  .max(200)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, "must be one line of plain text")
  .transform((text) => (text === "" ? undefined : text))
  .optional();

/** In a text, as in `.dev.vars`, or as JSON has it. An unknown word must not be taken for "no". */
const flag = z
  .union([z.boolean(), z.enum(["true", "false", ""])], "must be true or false")
  .default(false)
  .transform((value) => value === true || value === "true");

const secret = z.string().min(32, "must have at least 32 characters");

const secrets = z
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

const safeOrigin = z.string().transform((text, context) => {
  const origin = originOf(text);
  if (origin?.startsWith("https:") || (origin && isLoopbackHost(new URL(origin).hostname))) {
    return origin;
  }
  const message = "must be an origin like https://host, without a path (http only on loopback)";
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

/** Every setting of the Worker. The descriptions are the settings table of the documentation. */
export const settings = z.object({
  GITHUB_CLIENT_ID: z
    .string()
    .min(1)
    .describe("Client id of your GitHub OAuth App, or of a GitHub App with user tokens."),
  GITHUB_CLIENT_SECRET: z.string().min(1).describe("Its client secret. A Worker secret."),
  SERVER_SECRET: secret.describe(
    "At least 32 random characters. Session ids are signed, and GitHub tokens sealed, with keys derived from it. A Worker secret.",
  ),
  PREVIOUS_SERVER_SECRETS: secrets.describe(
    "Former values of SERVER_SECRET, comma-separated, so that changing it signs nobody out: what they sealed still opens, and is sealed anew when it is next used. A Worker secret.",
  ),
  PUBLIC_URL: z
    .literal("")
    .transform(() => undefined)
    .or(safeOrigin)
    .optional()
    .describe(
      "The one origin to serve, such as https://mcp.example.com. Without it the Worker serves its workers.dev address and loopback hosts.",
    ),
  GITHUB_URL: safeOrigin
    .default("https://github.com")
    .describe("Where GitHub is: github.com, a GitHub Enterprise Server, or a ghe.com tenant."),
  ALLOWED_ORIGINS: list
    .pipe(z.set(safeOrigin))
    .describe(
      "Web origins, comma-separated, whose pages may call the MCP endpoints from a browser. The Worker's own origin and loopback pages always may.",
    ),
  SESSION_IDLE_SECONDS: z
    .preprocess(
      (value) => (value === "" ? DAY_SECONDS : value),
      z.coerce
        .number()
        .int()
        .min(1)
        .max(30 * DAY_SECONDS),
    )
    .default(DAY_SECONDS)
    .describe(
      "Seconds after which a session that nobody uses is deleted. An open stream counts as use while its token lasts.",
    ),
  ALLOWED_LOGINS: limit
    .pipe(z.set(login))
    .describe(
      "GitHub logins, comma-separated, of the people who may use this server. Without this and ALLOWED_ORGS, everyone with a GitHub account may.",
    ),
  ALLOWED_ORGS: limit
    .pipe(z.set(login))
    .describe(
      "Logins of GitHub organisations, comma-separated, whose members may use this server too. Asked at sign-in and at each refresh; then GitHub is asked for read:org.",
    ),
  CONTACT: plainLine.describe(
    "Whom a refused person should ask: an e-mail address, an https URL, or up to 200 characters of plain words.",
  ),
  TOOLS: limit.describe(
    "Names of the tools to offer, comma-separated. Without it, all of them. A name that no tool has is a fault.",
  ),
  READ_ONLY: flag.describe("Whether only tools that change nothing are offered: true or false."),
  IMAGE_LOGINS: list.describe(
    "GitHub logins, comma-separated, that get the tool generateImage (Workers AI, which costs money).",
  ),
});

/** Secrets in the order in which they are tried: the first one makes, all of them check. */
export type Secrets = readonly [current: string, ...former: string[]];

export interface Config {
  readonly github: {
    readonly url: string;
    readonly clientId: string;
    readonly clientSecret: string;
  };
  /** The current one first, then former ones that are still accepted. */
  readonly serverSecrets: Secrets;
  readonly publicUrl: string | undefined;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly sessionIdleSeconds: number;
  /** Who may use this server, in lower case. Everyone, if both lists are empty. */
  readonly allowedLogins: ReadonlySet<string>;
  readonly allowedOrgs: ReadonlySet<string>;
  /** Whom a refused person should ask. */
  readonly contact: string | undefined;
  /** Names of tools in lower case; all tools, if empty. */
  readonly toolNames: ReadonlySet<string>;
  readonly readOnly: boolean;
  readonly imageLogins: ReadonlySet<string>;
}

/** Reads all settings at once. Throws one {@link ConfigError} that names every fault. */
export function loadConfig(env: object): Config {
  const parsed = settings.safeParse(env);
  if (!parsed.success) {
    throw new ConfigError(`The Worker is not configured.\n${z.prettifyError(parsed.error)}`);
  }
  const values = parsed.data;
  return {
    github: {
      url: values.GITHUB_URL,
      clientId: values.GITHUB_CLIENT_ID,
      clientSecret: values.GITHUB_CLIENT_SECRET,
    },
    serverSecrets: [values.SERVER_SECRET, ...values.PREVIOUS_SERVER_SECRETS],
    publicUrl: values.PUBLIC_URL,
    allowedOrigins: values.ALLOWED_ORIGINS,
    sessionIdleSeconds: values.SESSION_IDLE_SECONDS,
    allowedLogins: values.ALLOWED_LOGINS,
    allowedOrgs: values.ALLOWED_ORGS,
    contact: values.CONTACT,
    toolNames: values.TOOLS,
    readOnly: values.READ_ONLY,
    imageLogins: values.IMAGE_LOGINS,
  };
}
