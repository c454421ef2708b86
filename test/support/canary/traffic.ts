/** One request of a test to the server, and its answer as it came. */
export interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly requestBody: string;
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Grows while a stream is open. */
  body: string;
}

export interface Traffic {
  readonly exchanges: readonly Exchange[];
  /** Hears no more, once every answer is there; streams may have more to say. */
  stop(): Promise<void>;
}

/** Listens to every `fetch` of this process to one origin, SDK clients and streams included. */
export function recordTraffic(origin: string): Traffic {
  const exchanges: Exchange[] = [];
  const readings: Promise<void>[] = [];
  const original = globalThis.fetch;

  globalThis.fetch = async (input, init) => {
    const response = await original(input, init);
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== origin) return response;
    const exchange: Exchange = {
      method: init?.method ?? (input instanceof Request ? input.method : "GET"),
      url,
      requestBody: textOf(init?.body),
      status: response.status,
      headers: [...response.headers],
      body: "",
    };
    exchanges.push(exchange);
    const reading = read(response.clone(), exchange);
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
    if (!isStream) readings.push(reading);
    return response;
  };

  return {
    exchanges,
    async stop() {
      globalThis.fetch = original;
      await Promise.all(readings);
    },
  };
}

function textOf(body: unknown): string {
  if (typeof body === "string") return body;
  return body instanceof URLSearchParams ? body.toString() : "";
}

async function read(response: Response, exchange: Exchange): Promise<void> {
  if (!response.body) return;
  try {
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      exchange.body += chunk;
    }
  } catch {
    // Who asked has left the stream.
  }
}
