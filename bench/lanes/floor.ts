import { keepAlive } from "./keep-alive.ts";
import type { Lane } from "./lane.ts";

const VALUE = "what the floor reads";

/** One KV read and a JSON answer: what no server behind a token can be faster than. */
export function floorLane(origin: string): Lane {
  return async () => {
    const connection = keepAlive(origin);
    await connection.send("/", { method: "PUT", body: VALUE });
    return {
      async exchange() {
        const { status, body } = await connection.send("/");
        if (status !== 200 || (JSON.parse(body) as { value: unknown }).value !== VALUE)
          throw new Error(`The floor answered ${status}: ${body}`);
      },
      close: () => connection.close(),
    };
  };
}
