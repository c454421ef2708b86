import { keepAlive } from "./keep-alive.ts";
import type { Lane } from "./lane.ts";

/** What `userInfoOctokit` asks, put to the local GitHub itself. */
export function githubLane({ origin, token }: { origin: string; token: string }): Lane {
  const headers = {
    accept: "application/vnd.github.v3+json",
    authorization: `token ${token}`,
    "user-agent": "bench",
  };
  return async () => {
    const connection = keepAlive(origin);
    return {
      async exchange() {
        const { status, body } = await connection.send("/api/v3/user", { headers });
        if (status !== 200 || (JSON.parse(body) as { login: unknown }).login !== "octocat")
          throw new Error(`The local GitHub answered ${status}: ${body}`);
      },
      close: () => connection.close(),
    };
  };
}
