import { keepAlive } from "./keep-alive.ts";
import type { Lane } from "./lane.ts";

/** A call without a token, which must be met with the challenge that starts a sign-in. */
export function refusalLane(origin: string): Lane {
  return async () => {
    const connection = keepAlive(origin);
    return {
      async exchange() {
        const { status, headers } = await connection.send("/mcp", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} }),
        });
        const challenge = headers["www-authenticate"] ?? "";
        if (status !== 401 || !challenge.includes("resource_metadata="))
          throw new Error(`Expected a challenge, got ${status}: ${challenge}`);
      },
      close: () => connection.close(),
    };
  };
}
