import { currentRequest } from "./request-context.ts";

/** From what happens every day to what should never happen. */
export const LOG_LEVELS = ["info", "warn", "error"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

let least: LogLevel = "info";

/** From here on, this isolate writes no lines below a level. */
export function logFrom(level: LogLevel): void {
  least = level;
}

const SECRET =
  /\b(?:gh[opsru]_[A-Za-z0-9_]{8,}|github_pat_[A-Za-z0-9_]{8,}|mcpw_[A-Za-z0-9]{8,}|[A-Za-z0-9]+:[A-Za-z0-9]{8,}:[A-Za-z0-9]{16,}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*|v1\.[A-Za-z0-9_-]{12,}\.[A-Za-z0-9_-]{16,})/g;

/** Replaces what looks like a credential: GitHub tokens, our own tokens, JSON Web Tokens, sealed values. */
export function redact(text: string): string {
  return text.replace(SECRET, "[redacted]");
}

/**
 * Writes one structured line: what happened, with facts, and for which request. Credentials are
 * redacted, never logged. A trace is named as in OpenTelemetry's log data model. What is below the
 * level that {@link logFrom} was told is not written.
 */
export function log(level: LogLevel, event: string, facts: Record<string, unknown> = {}): void {
  if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(least)) return;
  const { requestId, trace } = currentRequest();
  const ids = { requestId, trace_id: trace?.traceId, span_id: trace?.spanId };
  console[level](redact(JSON.stringify({ event, ...facts, ...ids })));
}

/** Logs what nobody foresaw, and returns the reference that the person or the model is told: the request's id. */
export function logCrash(
  event: string,
  error: unknown,
  facts: Record<string, unknown> = {},
): string {
  log("error", event, { ...facts, error: describeError(error) });
  return currentRequest().requestId;
}

/** What a thrown value may say in the log: its name and message, never a stack with request data. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : "a value that is no error";
}
