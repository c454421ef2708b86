import { registerSessionTools } from "../../../src/mcp/register-tools.ts";
import { BaseSessionAgent } from "../../../src/mcp/session-agent.ts";
import { createWorker } from "../../../src/worker.ts";

export { AccountObject, GrantObject, OnceObject } from "../../../src/index.ts";

/** The Worker with an Analytics Engine dataset, whose data points are at `/_metrics`. */

const points: unknown[] = [];

const METRICS = { writeDataPoint: (point: unknown) => void points.push(point) };

export class SessionAgent extends BaseSessionAgent {
  protected override readonly register = registerSessionTools;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, Object.assign({ ...env }, { METRICS }));
  }
}

const worker = createWorker();

export default {
  async fetch(request, env, ctx) {
    if (new URL(request.url).pathname === "/_metrics") return Response.json(points);
    return worker.fetch(request, Object.assign({ ...env }, { METRICS }), ctx);
  },
} satisfies ExportedHandler<Env>;
