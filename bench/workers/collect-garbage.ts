/**
 * What the runtime calls the isolates whose garbage each request adds to: the Worker's own, and those
 * of the local KV and rate limiter, which are Workers too.
 */
const ASKED_BY_REQUESTS = /^(?:core:user|kv|ratelimit):/;

interface Isolate {
  readonly id: string;
  readonly webSocketDebuggerUrl: string;
}

/** An idle isolate reads nothing from its inspector, so `wake` asks the Worker until it has answered. */
async function collectIn(isolate: Isolate, wake: () => Promise<unknown>): Promise<void> {
  const socket = new WebSocket(isolate.webSocketDebuggerUrl);
  const over = new AbortController();
  const answered = new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () =>
      socket.send(JSON.stringify({ id: 1, method: "HeapProfiler.collectGarbage" })),
    );
    socket.addEventListener("message", ({ data }) => {
      if ((JSON.parse(String(data)) as { id?: number }).id === 1) resolve();
    });
    socket.addEventListener("error", () => reject(new Error("The inspector does not answer.")));
    socket.addEventListener("close", () => reject(new Error("The inspector has closed.")));
  }).finally(() => over.abort());
  const waking = (async () => {
    while (!over.signal.aborted) await wake();
  })();
  await Promise.all([answered, waking]);
  socket.close();
}

/**
 * Has the isolates of a Worker and of what it stores in give up what nothing refers to any more.
 * `wake` is a request to the Worker that comes to all of them sooner or later.
 */
export async function collectGarbage(
  inspectorUrl: URL,
  wake: () => Promise<unknown>,
): Promise<void> {
  const list = new URL("/json", inspectorUrl);
  list.protocol = "http:";
  const isolates = (await (await fetch(list)).json()) as Isolate[];
  for (const isolate of isolates) {
    if (ASKED_BY_REQUESTS.test(isolate.id)) await collectIn(isolate, wake);
  }
}
