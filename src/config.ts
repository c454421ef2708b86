import * as z from "zod";

import { ConfigError } from "./errors.ts";
import { logFrom, type LogLevel } from "./log.ts";
import {
  exactList,
  flag,
  limit,
  list,
  login,
  logLevel,
  plainLine,
  type Principal,
  principals,
  privateKey,
  safeOrigin,
  safeUrl,
  seconds,
  secret,
  secrets,
} from "./setting-types.ts";

const HOUR_SECONDS = 60 * 60;
const DAY_SECONDS = 24 * HOUR_SECONDS;

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
  SESSION_IDLE_SECONDS: seconds(DAY_SECONDS, { min: 1, max: 30 * DAY_SECONDS }).describe(
    "Seconds after which a session that nobody uses is deleted. An open stream counts as use while its token lasts.",
  ),
  ACCESS_TOKEN_SECONDS: seconds(HOUR_SECONDS, { min: 60, max: DAY_SECONDS }).describe(
    "Seconds for which an access token is good, so how long a stolen one is of use. Clients renew theirs by themselves.",
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
  ALLOW_GITHUB_TOKENS: flag.describe(
    "Whether people may present a personal access token of GitHub instead of signing in: true or false.",
  ),
  GOOGLE_AUDIENCES: exactList.describe(
    "Audiences, comma-separated, for which ID tokens of Google are accepted, such as this server's URL. Without it, none are.",
  ),
  GOOGLE_PRINCIPALS: principals.describe(
    "Who may present them, comma-separated: serviceAccount:NAME@PROJECT.iam.gserviceaccount.com, user:ADDRESS or domain:NAME, each with `=` and its scopes if they are others than mcp:tools github:read.",
  ),
  GOOGLE_CERTS_URL: safeUrl
    .default("https://www.googleapis.com/oauth2/v3/certs")
    .describe("Where Google's public keys are."),
  GITHUB_APP_ID: z
    .string()
    .regex(/^\d*$/, "must be a number")
    .default("")
    .describe(
      "Id of the GitHub App as which services reach GitHub. With it go GITHUB_APP_INSTALLATION_ID and GITHUB_APP_PRIVATE_KEY.",
    ),
  GITHUB_APP_INSTALLATION_ID: z
    .string()
    .regex(/^\d*$/, "must be a number")
    .default("")
    .describe("The App's installation, whose repositories services may read."),
  GITHUB_APP_PRIVATE_KEY: privateKey.describe(
    "The App's private key in PKCS #8: what `openssl pkcs8 -topk8 -nocrypt -in key.pem` prints. A Worker secret.",
  ),
  LOG_LEVEL: logLevel.describe(
    "From which level on the log is written: info, warn or error. At warn there is no line for calls and sign-ins (docs/audit.md).",
  ),
  EXAMPLE_TOOLS: flag.describe(
    "Whether the tools greet and multiply are offered, with which many tutorials begin: true or false.",
  ),
  IMAGE_LOGINS: list.describe(
    "GitHub logins, comma-separated, that get the tool generateImage (Workers AI, which costs money).",
  ),
});

/** Secrets in the order in which they are tried: the first one makes, all of them check. */
export type Secrets = readonly [current: string, ...former: string[]];

/** One installation of a GitHub App. */
export interface GitHubApp {
  readonly id: number;
  readonly installationId: number;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
}

export interface Config {
  readonly github: {
    readonly url: string;
    readonly clientId: string;
    readonly clientSecret: string;
    /** As which services reach GitHub, where one is set. */
    readonly app: GitHubApp | undefined;
  };
  /** Whether personal access tokens of GitHub are taken. */
  readonly allowGitHubTokens: boolean;
  readonly google: {
    /** For whom ID tokens must be made; none are taken, if empty. */
    readonly audiences: ReadonlySet<string>;
    readonly principals: readonly Principal[];
    readonly certsUrl: string;
  };
  /** The current one first, then former ones that are still accepted. */
  readonly serverSecrets: Secrets;
  readonly publicUrl: string | undefined;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly sessionIdleSeconds: number;
  readonly accessTokenSeconds: number;
  /** Who may use this server, in lower case. Everyone, if both lists are empty. */
  readonly allowedLogins: ReadonlySet<string>;
  readonly allowedOrgs: ReadonlySet<string>;
  /** Whom a refused person should ask. */
  readonly contact: string | undefined;
  /** Names of tools in lower case; all tools, if empty. */
  readonly toolNames: ReadonlySet<string>;
  readonly readOnly: boolean;
  /** From which level on the log is written. */
  readonly logLevel: LogLevel;
  readonly exampleTools: boolean;
  readonly imageLogins: ReadonlySet<string>;
}

type Values = z.output<typeof settings>;

function githubAppOf(values: Values): GitHubApp | undefined {
  const id = Number(values.GITHUB_APP_ID);
  const installationId = Number(values.GITHUB_APP_INSTALLATION_ID);
  const privateKey = values.GITHUB_APP_PRIVATE_KEY;
  if (id && installationId && privateKey) return { id, installationId, privateKey };
  if (!id && !installationId && !privateKey) return undefined;
  throw new ConfigError(
    "The Worker is not configured.\n✖ GITHUB_APP_ID, GITHUB_APP_INSTALLATION_ID and GITHUB_APP_PRIVATE_KEY go together: set all three, or none",
  );
}

/**
 * Reads all settings at once, and has the log of this isolate keep to its level, whichever part of
 * the server asks first. Throws one {@link ConfigError} that names every fault.
 */
export function loadConfig(env: object): Config {
  const parsed = settings.safeParse(env);
  if (!parsed.success) {
    throw new ConfigError(`The Worker is not configured.\n${z.prettifyError(parsed.error)}`);
  }
  const values = parsed.data;
  logFrom(values.LOG_LEVEL);
  return {
    github: {
      url: values.GITHUB_URL,
      clientId: values.GITHUB_CLIENT_ID,
      clientSecret: values.GITHUB_CLIENT_SECRET,
      app: githubAppOf(values),
    },
    allowGitHubTokens: values.ALLOW_GITHUB_TOKENS,
    google: {
      audiences: values.GOOGLE_AUDIENCES,
      principals: values.GOOGLE_PRINCIPALS,
      certsUrl: values.GOOGLE_CERTS_URL,
    },
    serverSecrets: [values.SERVER_SECRET, ...values.PREVIOUS_SERVER_SECRETS],
    publicUrl: values.PUBLIC_URL,
    allowedOrigins: values.ALLOWED_ORIGINS,
    sessionIdleSeconds: values.SESSION_IDLE_SECONDS,
    accessTokenSeconds: values.ACCESS_TOKEN_SECONDS,
    allowedLogins: values.ALLOWED_LOGINS,
    allowedOrgs: values.ALLOWED_ORGS,
    contact: values.CONTACT,
    toolNames: values.TOOLS,
    readOnly: values.READ_ONLY,
    logLevel: values.LOG_LEVEL,
    exampleTools: values.EXAMPLE_TOOLS,
    imageLogins: values.IMAGE_LOGINS,
  };
}
