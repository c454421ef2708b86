import { execFileSync } from "node:child_process";
import { userInfo } from "node:os";
import { parseArgs, type ParseArgsConfig } from "node:util";

import { InputError } from "./input-error.ts";
import { scopesFrom, type ServiceTokenFacts } from "./service-token.ts";

export const USAGE = `Service tokens: how programs call this server without a browser.

  npm run token -- create --name NAME [--scopes "mcp:tools …"] [--expires 30d] [--by WHO]
  npm run token -- list
  npm run token -- revoke ID|NAME

  --name        what people call it: letters, digits, ".", "_" and "-", 64 at most
  --scopes      mcp:tools (the default), github:read, github:private
  --expires     1h to 365d; 30d, if not said
  --by          who makes it; git's user.email, if not said
  --remote      on the deployed Worker; without it, where npm start keeps its state
  --json        for programs
  --persist-to  another folder of local state

The token is printed once and kept nowhere. Alone on standard output: npm run --silent token -- create …
`;

const HOUR_SECONDS = 60 * 60;
const UNIT_SECONDS: Readonly<Record<string, number>> = { h: HOUR_SECONDS, d: 24 * HOUR_SECONDS };
const LONGEST_SECONDS = 365 * 24 * HOUR_SECONDS;

/** Nothing in a name can change how a line of a table or of a log is read. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** Facts fit in KV's metadata, which ends at 1,024 bytes. */
const MAKER = /^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u;

const EVERYWHERE = {
  remote: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  "persist-to": { type: "string" },
} as const;

const FOR_CREATE = {
  name: { type: "string" },
  scopes: { type: "string", default: "mcp:tools" },
  expires: { type: "string", default: "30d" },
  by: { type: "string" },
} as const;

/** Where tokens are kept. */
export interface Place {
  readonly isRemote: boolean;
  /** Where local state is, if not where `npm start` keeps it. */
  readonly stateDir: string | undefined;
}

type Action =
  | { readonly kind: "create"; readonly facts: ServiceTokenFacts }
  | { readonly kind: "list" }
  | { readonly kind: "revoke"; readonly which: string };

export interface Command {
  readonly action: Action;
  readonly place: Place;
  readonly isJson: boolean;
}

/** What was asked for; `undefined` for help. Throws {@link InputError}. */
export function readArguments(words: readonly string[]): Command | undefined {
  const [kind, ...args] = words;
  if (kind === "help" || words.includes("--help") || words.includes("-h")) return undefined;
  switch (kind) {
    case "create": {
      const { values } = parsed({ args, options: { ...EVERYWHERE, ...FOR_CREATE } });
      return { action: { kind, facts: factsFrom(values) }, ...whereFrom(values) };
    }
    case "list": {
      const { values } = parsed({ args, options: EVERYWHERE });
      return { action: { kind }, ...whereFrom(values) };
    }
    case "revoke": {
      const options = { args, options: EVERYWHERE, allowPositionals: true } as const;
      const { values, positionals } = parsed(options);
      const [which, ...more] = positionals;
      if (which === undefined || more.length > 0) {
        throw new InputError("Name one token to revoke, by its id or its name.");
      }
      return { action: { kind, which }, ...whereFrom(values) };
    }
    default:
      throw new InputError(`Say what to do: create, list or revoke.\n\n${USAGE}`);
  }
}

function parsed<Options extends ParseArgsConfig>(options: Options) {
  try {
    return parseArgs(options);
  } catch (error) {
    throw new InputError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

interface Everywhere {
  readonly remote: boolean;
  readonly json: boolean;
  readonly "persist-to"?: string | undefined;
}

function whereFrom({ remote, json, "persist-to": stateDir }: Everywhere) {
  if (remote && stateDir !== undefined) {
    throw new InputError("--remote and --persist-to exclude each other.");
  }
  return { place: { isRemote: remote, stateDir }, isJson: json };
}

interface ForCreate {
  readonly name?: string | undefined;
  readonly scopes: string;
  readonly expires: string;
  readonly by?: string | undefined;
}

function factsFrom({ name = "", scopes, expires, by }: ForCreate): ServiceTokenFacts {
  if (!NAME.test(name)) {
    throw new InputError(
      `--name needs 1 to 64 letters, digits, ".", "_" or "-", and begins with a letter or digit.`,
    );
  }
  const createdAt = Math.floor(Date.now() / 1000);
  return {
    name,
    scopes: scopesFrom(scopes),
    createdBy: makerFrom(by),
    createdAt,
    expiresAt: createdAt + secondsFrom(expires),
  };
}

function secondsFrom(text: string): number {
  const [, count = "", unit = ""] = /^(\d{1,4})([hd])$/.exec(text) ?? [];
  const seconds = Number(count) * (UNIT_SECONDS[unit] ?? 0);
  if (seconds >= HOUR_SECONDS && seconds <= LONGEST_SECONDS) return seconds;
  throw new InputError(
    `--expires is "${text}". It must be from 1h to 365d, such as 12h or 30d: no token is good without end.`,
  );
}

function makerFrom(by: string | undefined): string {
  const maker = by ?? gitAddress() ?? userInfo().username;
  if (MAKER.test(maker)) return maker;
  throw new InputError("--by must be one line of plain text, with 1 to 100 characters.");
}

function gitAddress(): string | undefined {
  try {
    const address = execFileSync("git", ["config", "user.email"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return address.trim() || undefined;
  } catch {
    return undefined;
  }
}
