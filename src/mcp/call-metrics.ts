import type { Era } from "./era.ts";

/** One tool call, as Workers Analytics Engine counts it. */
export interface CallMetric {
  readonly tool: string;
  /** What the client calls itself. Untrusted. */
  readonly client: string;
  readonly era: Era;
  readonly outcome: string;
  readonly durationMs: number;
}

/** The binding is optional: an account must have Analytics Engine switched on before a deploy may name it. */
interface WithMetrics {
  readonly METRICS?: AnalyticsEngineDataset;
}

/** Writes a data point: `index1` and `blob1` tool, `blob2` client, `blob3` era, `blob4` outcome, `double1` milliseconds. */
export function countCall(env: object, metric: CallMetric): void {
  const { METRICS }: WithMetrics = env;
  const { tool, client, era, outcome, durationMs } = metric;
  METRICS?.writeDataPoint({
    indexes: [tool],
    blobs: [tool, client, era, outcome],
    doubles: [durationMs],
  });
}
