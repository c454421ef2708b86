import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** One connection that stays open: requests go over it one after the other. */
export interface KeepAlive {
  send(path: string, question?: Question): Promise<Answer>;
  /** The answer as it comes, for streams that stay open. */
  open(path: string, question?: Question): Promise<IncomingMessage>;
  close(): void;
}

export function keepAlive(origin: string): KeepAlive {
  const { hostname, port } = new URL(origin);
  if (hostname !== "127.0.0.1") throw new Error(`Load goes to loopback only, not to ${hostname}.`);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  function open(path: string, { method = "GET", headers = {}, body }: Question = {}) {
    return new Promise<IncomingMessage>((resolve, reject) => {
      const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
      const options = { agent, hostname, port, path, method, headers: { ...headers, ...length } };
      request(options, resolve).on("error", reject).end(body);
    });
  }

  return {
    open,
    async send(path, question) {
      const message = await open(path, question);
      message.setEncoding("utf8");
      let body = "";
      for await (const chunk of message) body += chunk as string;
      return { status: message.statusCode ?? 0, headers: message.headers, body };
    },
    close: () => agent.destroy(),
  };
}
