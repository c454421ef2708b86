export type LogLevel = "info" | "warn" | "error";

const SECRET =
  /\b(?:gh[opsru]_[A-Za-z0-9_]{8,}|github_pat_[A-Za-z0-9_]{8,}|[A-Za-z0-9]+:[A-Za-z0-9]{8,}:[A-Za-z0-9]{16,}|v1\.[A-Za-z0-9_-]{12,}\.[A-Za-z0-9_-]{16,})/g;

/** Replaces what looks like a credential: GitHub tokens, our own tokens, sealed values. */
export function redact(text: string): string {
  return text.replace(SECRET, "[redacted]");
}

/** Writes one structured line: what happened, with facts. Credentials are redacted, never logged. */
export function log(level: LogLevel, event: string, facts: Record<string, unknown> = {}): void {
  console[level](redact(JSON.stringify({ event, ...facts })));
}

/** Logs what nobody foresaw, and returns the reference that the person or the model is told. */
export function logCrash(
  event: string,
  error: unknown,
  facts: Record<string, unknown> = {},
): string {
  const reference = crypto.randomUUID().slice(0, 8);
  log("error", event, { ...facts, reference, error: describeError(error) });
  return reference;
}

/** What a thrown value may say in the log: its name and message, never a stack with request data. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : "a value that is no error";
}
