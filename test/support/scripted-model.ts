import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** A tool that the model wants to be called, by the name that the server gave it. */
export interface ModelCall {
  readonly tool: string;
  readonly args: Record<string, unknown>;
}

/** What a program told its model about a tool's answer. */
export interface ToldAnswer {
  readonly text: string;
  readonly isError: boolean;
}

/** How the API of one vendor's models says things. */
export interface Dialect<Request> {
  /** The server's tools among those that a program offers. */
  offered(request: Request): string[];
  /** What a program answers to the model's call, once it does. */
  answer(request: Request): ToldAnswer | undefined;
  /** The model's words, or its call of a tool, as events or lines of a stream. */
  says(what: ModelCall | "Done."): string;
}

/** What came of a prompt. */
export interface Turn {
  readonly offered: readonly string[];
  readonly answer: ToldAnswer | undefined;
}

/**
 * Runs a program with a model on loopback that is a script: it calls one tool, if it is told to, is
 * told the answer, and says that it is done. So a program needs neither an account nor the internet.
 * `run` returns what the program printed.
 */
export async function runWithModel<Request>(
  dialect: Dialect<Request>,
  call: ModelCall | undefined,
  run: (modelUrl: string) => Promise<string>,
): Promise<Turn> {
  let offered: string[] = [];
  let answer: ToldAnswer | undefined;

  function reply(request: Request): string {
    const tools = dialect.offered(request);
    // Programs also ask for a title, or who speaks next, and offer no tools then.
    if (tools.length === 0) return dialect.says("Done.");
    offered = tools;
    answer ??= dialect.answer(request);
    return dialect.says(call && !answer ? call : "Done.");
  }

  const model = createServer((request, response) => {
    if (request.method === "POST") {
      json(request).then((body) => send(response, reply(body as Request)), failWith(response));
    } else response.writeHead(404).end();
  });
  model.listen(0, "127.0.0.1");
  await once(model, "listening");
  try {
    const printed = await run(`http://127.0.0.1:${(model.address() as AddressInfo).port}`);
    if (call && !answer) throw new Error(`${call.tool} was not called. Printed: ${printed}`);
    return { offered, answer };
  } finally {
    model.closeAllConnections();
    model.close();
  }
}

function send(response: ServerResponse, stream: string): void {
  response.writeHead(200, { "content-type": "text/event-stream" }).end(stream);
}

function failWith(response: ServerResponse) {
  return (error: unknown) => response.writeHead(400).end(String(error));
}

/** One event of a stream. */
export const eventOf = (data: { type?: string }): string =>
  `${data.type ? `event: ${data.type}\n` : ""}data: ${JSON.stringify(data)}\n\n`;
