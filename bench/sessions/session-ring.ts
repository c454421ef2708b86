import { keepAlive } from "../lanes/keep-alive.ts";
import type { Lane, SignedInSite } from "../lanes/lane.ts";
import { addCall } from "../lanes/rpc.ts";
import { callInSession, openSession, type SessionHeaders } from "../lanes/session.ts";

/** Opens sessions, `connections` at a time, and leaves them open. */
export async function openSessions(
  { origin, token }: SignedInSite,
  count: number,
  connections: number,
): Promise<SessionHeaders[]> {
  const opened: SessionHeaders[] = [];
  let started = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const connection = keepAlive(origin);
      while (started < count) {
        started += 1;
        opened.push(await openSession(connection, token));
      }
      connection.close();
    }),
  );
  return opened;
}

/** Ends sessions, as a client that is closed does. */
export async function endSessions(
  { origin }: SignedInSite,
  sessions: readonly SessionHeaders[],
): Promise<void> {
  const connection = keepAlive(origin);
  for (const headers of sessions) {
    const { status } = await connection.send("/mcp", { method: "DELETE", headers });
    if (status >= 300) throw new Error(`The end of a session was answered with ${status}.`);
  }
  connection.close();
}

/** Each call goes to the next of these sessions, whichever connection makes it. */
export function ringLane({ origin }: SignedInSite, sessions: readonly SessionHeaders[]): Lane {
  let id = 0;
  return async () => {
    const connection = keepAlive(origin);
    return {
      async exchange() {
        const headers = sessions[++id % sessions.length];
        if (!headers) throw new Error("The ring has no session.");
        await callInSession({ connection, headers }, id, addCall());
      },
      close: () => connection.close(),
    };
  };
}
