import type { Readable } from "node:stream";

export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

function parseEvent(block: string): ServerEvent {
  const lines = block.split("\n");
  const fieldOf = (name: string) =>
    lines
      .filter((line) => line.startsWith(`${name}: `))
      .map((line) => line.slice(name.length + 2))
      .join("\n");
  return { event: fieldOf("event"), data: fieldOf("data") };
}

/** The events of an open stream, in order. Comments, which keep a silent stream alive, are none. */
export async function* eventsOf(stream: Readable): AsyncGenerator<ServerEvent, void> {
  stream.setEncoding("utf8");
  let rest = "";
  for await (const chunk of stream) {
    const blocks = (rest + (chunk as string)).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const event of blocks.map(parseEvent)) if (event.data !== "") yield event;
  }
}
