import type { TraceContext } from "../request-context.ts";

/** W3C Trace Context, level 1, section 3.2: version, trace id, parent id, flags. Version ff is none. */
const TRACEPARENT =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;

/**
 * Where a call stands in its client's trace, from `_meta.traceparent` (MCP 2026-07-28, base protocol,
 * `_meta`). What is not well formed counts as absent, as the W3C asks.
 */
export function traceOf(meta: Record<string, unknown> | undefined): TraceContext | undefined {
  const [, traceId, spanId] = TRACEPARENT.exec(String(meta?.["traceparent"])) ?? [];
  return traceId && spanId ? { traceId, spanId } : undefined;
}
