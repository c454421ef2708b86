import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";

import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from "./output/log.ts";

/** Where tokens come from. */
const TOKEN_SOURCES = ["oauth", "google-auth", "gcloud", "env", "none"] as const;

export type TokenSourceName = (typeof TOKEN_SOURCES)[number];

/** How to reach the server: Streamable HTTP, its forerunner of 2024, or whichever it speaks. */
const TRANSPORTS = ["auto", "http", "sse"] as const;

export type TransportName = (typeof TRANSPORTS)[number];

/** What `run` and `debug` are told of a server and of the way to it. */
export interface ConnectionOptions {
  readonly url: string;
  readonly transport: TransportName;
  /** Sent with every request to the server, and to nobody else. */
  readonly header: readonly (readonly [name: string, value: string])[];
  readonly allowHttp: boolean;
  /** A file with more certificate authorities, in PEM. */
  readonly ca?: string;
  readonly tokenSource: TokenSourceName;
  readonly logFormat: LogFormat;
  readonly logLevel: LogLevel;
  /** The resource indicator (RFC 8707), where it is not what the server says it is. */
  readonly resource?: string;
  /** Scopes to ask for, separated by spaces, instead of those that the server names. */
  readonly scope?: string;
  readonly clientId?: string;
  readonly clientMetadataUrl?: string;
  /** Seconds that a sign-in in the browser may take. */
  readonly authTimeout: number;
  readonly audience?: string;
  readonly impersonate?: string;
  /** Seconds before its end at which a token is renewed. */
  readonly refreshMargin: number;
}

/** Secrets come by the environment: arguments can be read by everybody on the machine. */
export const CLIENT_SECRET_VARIABLE = "MCP_BRIDGE_CLIENT_SECRET";

/** Holds the token for `--token-source env`. */
export const TOKEN_VARIABLE = "MCP_BRIDGE_TOKEN";

function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError("It takes a whole number of seconds.");
  return value;
}

/** As in HTTP: `Name: value`. `${NAME}` in the value is read from the environment. */
function header(text: string, earlier: readonly (readonly [string, string])[] = []) {
  const [, name, raw] = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || raw === undefined)
    throw new InvalidArgumentError('It takes a name and a value, as in "X-Team: blue".');
  const value = raw.replaceAll(/\$\{(\w+)\}/g, (_, variable: string) => {
    const found = process.env[variable];
    if (found === undefined)
      throw new InvalidArgumentError(`The variable ${variable} is not set in the environment.`);
    return found;
  });
  return [...earlier, [name, value] as const];
}

function logOptions(): Option[] {
  return [
    new Option("--log-level <level>", "what stderr tells").choices(LOG_LEVELS).default("info"),
    new Option("--log-format <format>", "how stderr tells it").choices(LOG_FORMATS).default("text"),
  ];
}

function serverOptions(): Option[] {
  return [
    new Option("--url <url>", "the server's address").makeOptionMandatory(),
    new Option("--transport <name>", "how to speak to it").choices(TRANSPORTS).default("auto"),
    new Option("--header <header>", "sent with every request, may be repeated")
      .argParser(header)
      .default([]),
    new Option("--allow-http", "allow plain http to another machine").default(false),
    new Option("--ca <file>", "more certificate authorities, in PEM"),
  ];
}

function tokenOptions(): Option[] {
  return [
    new Option("--token-source <source>", "where tokens come from")
      .choices(TOKEN_SOURCES)
      .default("oauth"),
    new Option("--resource <uri>", "oauth: the resource to ask a token for"),
    new Option("--scope <scopes>", "oauth: the scopes to ask for"),
    new Option("--client-id <id>", "oauth: a client that is registered already"),
    new Option("--client-metadata-url <url>", "oauth: the client's metadata document"),
    new Option("--auth-timeout <seconds>", "oauth: how long a sign-in may take")
      .argParser(wholeNumber)
      .default(300),
    new Option("--audience <url>", "google-auth: for whom the ID token is"),
    new Option("--impersonate <account>", "google-auth: the service account to speak as"),
    new Option("--refresh-margin <seconds>", "renew a token so long before its end")
      .argParser(wholeNumber)
      .default(60),
  ];
}

/** All that {@link ConnectionOptions} names. */
export function connectionOptions(): Option[] {
  return [...serverOptions(), ...tokenOptions(), ...logOptions()];
}

export function withConnectionOptions(command: Command): Command {
  for (const option of connectionOptions()) command.addOption(option);
  return command;
}
