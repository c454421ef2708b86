import { keepAlive } from "./keep-alive.ts";
import type { Lane, SignedInSite } from "./lane.ts";
import { addCall, messageIn } from "./rpc.ts";
import { statelessQuestion } from "./stateless.ts";

const VALUE = "what the floor reads";

/** The request that our own floor gets, with a token that nobody looks at. */
const QUESTION = statelessQuestion(1, addCall(), "x".repeat(80));

/** One KV read and a JSON answer: what no server behind a token can be faster than. */
export function floorLane(origin: string): Lane {
  return async () => {
    const connection = keepAlive(origin);
    await connection.send("/", { method: "PUT", body: VALUE });
    return {
      async exchange() {
        const { status, body } = await connection.send("/", QUESTION);
        if (status !== 200 || (JSON.parse(body) as { value: unknown }).value !== VALUE)
          throw new Error(`The floor answered ${status}: ${body}`);
      },
      close: () => connection.close(),
    };
  };
}

/** The same request as a stateless `add`, to a Worker that answers the same to everything it lets in. */
export function ownFloorLane({ origin, token }: SignedInSite): Lane {
  return async () => {
    const connection = keepAlive(origin);
    let id = 0;
    return {
      async exchange() {
        const answer = await connection.send("/mcp", statelessQuestion(++id, addCall(), token));
        if (messageIn(answer).result?.content?.[0]?.text === undefined)
          throw new Error(`Our floor answered: ${answer.body}`);
      },
      close: () => connection.close(),
    };
  };
}
