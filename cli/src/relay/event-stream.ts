/** Whether an answer's body is a stream of events. */
export function isEventStream(response: Response): boolean {
  return response.headers.get("content-type")?.split(";")[0]?.trim() === "text/event-stream";
}

/**
 * The answer, its stream read no faster than `ready` allows: the SDK hands messages on without waiting
 * for anybody, so what the client does not take would pile up here.
 */
export function paced(response: Response, ready: () => Promise<void>): Response {
  if (!response.body || !isEventStream(response)) return response;
  const gate = new TransformStream<Uint8Array, Uint8Array>({
    async transform(chunk, controller) {
      await ready();
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(gate), response);
}
