import { createWorker } from "../../../src/worker.ts";
import { faultyKv } from "./faulty/faulty-kv.ts";
import { answerControl } from "./faulty/rules.ts";

export { AccountObject, GrantObject, OnceObject, SessionAgent } from "../../../src/index.ts";

/**
 * The Worker on KV that fails as it is told, at `/_faults`. POST to `/_forget` takes away what its
 * isolate has learned, as a new isolate begins.
 */
let worker = createWorker();

export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname === "/_faults") return answerControl(request);
    if (pathname !== "/_forget") {
      return worker.fetch(request, { ...env, OAUTH_KV: faultyKv(env.OAUTH_KV) }, ctx);
    }
    worker = createWorker();
    return new Response();
  },
} satisfies ExportedHandler<Env>;
