interface FloorEnv {
  readonly VALUES: KVNamespace;
}

/** Makes the answer as long as our Worker's to `add`. */
const FILLING = "x".repeat(250);

/** The least that a Worker with a session lookup can do: one KV read, one JSON answer. */
export default {
  async fetch(request, env) {
    if (request.method === "PUT") {
      await env.VALUES.put("greeting", await request.text());
      return new Response(null, { status: 204 });
    }
    return Response.json({ value: await env.VALUES.get("greeting"), filling: FILLING });
  },
} satisfies ExportedHandler<FloorEnv>;
