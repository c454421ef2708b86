import { redact } from "./redact.ts";

/** From what only the curious read to what a person should act on. */
export const LOG_LEVELS = ["debug", "info", "warn"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_FORMATS = ["text", "json"] as const;

export type LogFormat = (typeof LOG_FORMATS)[number];

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
}

let options: LogOptions = { level: "info", format: "text" };

/** From here on, lines are written so, and none below the level. */
export function logAs(chosen: LogOptions): void {
  options = chosen;
}

function textOf(message: string, facts: Record<string, unknown>): string {
  const pairs = Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return ["mcp-bridge:", message, ...pairs].join(" ");
}

/**
 * Writes one line to stderr: stdout carries nothing but JSON-RPC. What looks like a credential is
 * redacted.
 */
export function log(level: LogLevel, message: string, facts: Record<string, unknown> = {}): void {
  if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(options.level)) return;
  const line =
    options.format === "json"
      ? JSON.stringify({ time: new Date().toISOString(), level, message, ...facts })
      : textOf(message, facts);
  // A message of ours is one line, whatever it quotes.
  process.stderr.write(`${redact(line).replaceAll(/[\r\n]+/g, " ")}\n`);
}

/**
 * Writes a line with an address that a person is to open. It is shown as it is: the `state` in it
 * belongs to the page, and is of no use once the page is closed.
 */
export function logAddress(message: string, { href }: URL): void {
  const time = new Date().toISOString();
  const line =
    options.format === "json"
      ? JSON.stringify({ time, level: "info", message, address: href })
      : textOf(message, {}) + ` ${href}`;
  process.stderr.write(`${line}\n`);
}
