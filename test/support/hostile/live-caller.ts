import { openSession, openSse, type SseStream } from "../rpc.ts";
import type { TestServer } from "../server.ts";
import { signIn } from "../sign-in.ts";

const SESSIONS_EACH = 2;

/** Somebody who is signed in, with sessions that are open. */
export interface LiveCaller {
  readonly login: string;
  readonly token: string;
  readonly refreshToken: string;
  /** A session of `/mcp`. */
  session(number: number): string;
  /** The session of the caller's `/sse` stream. */
  streamSession(): string;
  /** Opens anew what has ended. */
  reopen(sessionId: string): Promise<void>;
  close(): Promise<void>;
}

export async function liveCaller(server: TestServer, login: string): Promise<LiveCaller> {
  const { access_token: token, refresh_token: refreshToken } = await signIn(server, login);
  const open = () => openSession(server, token);
  const sessions = await Promise.all(Array.from({ length: SESSIONS_EACH }, open));
  let stream = await drainedStream(server, token);

  return {
    login,
    token,
    refreshToken,
    session: (number) => sessions[number % SESSIONS_EACH] ?? "",
    streamSession: () => sessionOf(stream),
    async reopen(sessionId) {
      const index = sessions.indexOf(sessionId);
      if (index >= 0) sessions[index] = await open();
      if (sessionId !== sessionOf(stream)) return;
      await stream.close();
      stream = await drainedStream(server, token);
    },
    close: () => stream.close(),
  };
}

function sessionOf({ endpoint }: SseStream): string {
  return endpoint.slice(endpoint.indexOf("=") + 1);
}

/** A stream that nobody reads would hold back its session. */
async function drainedStream(server: TestServer, token: string): Promise<SseStream> {
  const stream = await openSse(server, token);
  void (async () => {
    for (;;) await stream.next();
  })().catch(() => undefined);
  return stream;
}
