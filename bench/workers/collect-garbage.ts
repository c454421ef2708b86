/** What the runtime calls the isolate of the Worker itself, among those of its own services. */
const WORKER_ISOLATE = "core:user:";

/**
 * Has a Worker's isolate give up what nothing refers to any more. An idle isolate reads nothing from
 * its inspector, so `wake` asks the Worker anything, again and again until it has answered.
 */
export async function collectGarbage(
  inspectorUrl: URL,
  wake: () => Promise<unknown>,
): Promise<void> {
  const socket = new WebSocket(new URL(`/${WORKER_ISOLATE}`, inspectorUrl));
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
