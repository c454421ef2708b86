import type { TestServer } from "./server.ts";

/** One line of the Worker's log, parsed. */
export interface LogLine {
  readonly event: string;
  readonly requestId: string;
  readonly [fact: string]: unknown;
}

/** The lines so far, of one event or of all. What the runtime writes by itself is no JSON. */
export function logLines(server: TestServer, event?: string): LogLine[] {
  const lines = server.harness.getLogs().flatMap(({ message }) => {
    return message.startsWith("{") ? [JSON.parse(message) as LogLine] : [];
  });
  return lines.filter((line) => event === undefined || line.event === event);
}
