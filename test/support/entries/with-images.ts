import { registerSessionTools } from "../../../src/mcp/register-tools.ts";
import { BaseSessionAgent } from "../../../src/mcp/session-agent.ts";
import { createWorker } from "../../../src/worker.ts";

export { AccountObject, GrantObject, OnceObject } from "../../../src/index.ts";

/** The Worker with a Workers AI binding, which needs an account and so never runs in tests. */

const MODEL = "@cf/black-forest-labs/flux-1-schnell";

/** What the model answers, by the prompt that asks for it. */
const ANSWERS: Record<string, () => unknown> = {
  "a failure": () =>
    Promise.reject(new Error("AiError: 3040: capacity exceeded, gho_upstreamSecret")),
  // A binding that ignores the signal it is given.
  "a hang": () => new Promise(() => {}),
  "a large picture": () => ({ image: "/9j/".repeat(512 * 1024) }),
  nothing: () => undefined,
  "an empty picture": () => ({ image: "" }),
  "a picture that is no text": () => ({ image: [255, 216] }),
  "a picture that is no base64": () => ({ image: "<img src=x onerror=alert(1)>" }),
  "a stream": () => new Response("bytes").body,
};

/** As picky as the real model; the picture holds what it was asked for, so that a test can read it. */
function draw(model: unknown, inputs: unknown): unknown {
  if (model !== MODEL) throw new Error(`No such model ${String(model)}`);
  const { prompt, steps, ...others } = inputs as Record<string, unknown>;
  if (typeof prompt !== "string" || typeof steps !== "number" || Object.keys(others).length > 0) {
    throw new Error(`Not what the model takes: ${JSON.stringify(inputs)}`);
  }
  const answer = ANSWERS[prompt];
  return answer ? answer() : { image: btoa(JSON.stringify({ prompt, steps })) };
}

const AI = { run: async (model: unknown, inputs: unknown) => draw(model, inputs) } as unknown as Ai;

export class SessionAgent extends BaseSessionAgent {
  protected override readonly register = registerSessionTools;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, { ...env, AI });
  }
}

const worker = createWorker();

export default {
  fetch: (request, env, ctx) => worker.fetch(request, { ...env, AI }, ctx),
} satisfies ExportedHandler<Env>;
