import { AssertionError } from "node:assert";

/** How many answers had each status. */
type Tally = Record<number, number>;

export interface Flood {
  readonly tally: Tally;
  /** The last answer that was 429. */
  readonly refused: Response | undefined;
}

const PARALLEL = 20;

/** Does the same thing many times, a few at once, and counts the statuses of the answers. */
export async function flood(
  times: number,
  send: (round: number) => Promise<Response>,
): Promise<Flood> {
  const tally: Tally = {};
  let refused: Response | undefined;
  let next = 0;
  const worker = async () => {
    while (next < times) {
      const response = await send(next++);
      tally[response.status] = (tally[response.status] ?? 0) + 1;
      if (response.status === 429) refused = response;
      else await response.body?.cancel();
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return { tally, refused };
}

/** A request header that stands for another address, as Cloudflare would write it. */
export function from(address: string): { "cf-connecting-ip": string } {
  return { "cf-connecting-ip": address };
}

/** More than the limits of these tests let pass, also where a new period begins meanwhile. */
const BEYOND_ALL_LIMITS = 400;

/**
 * Does the same thing until an answer is 429, and returns that one. Nothing that is sent after it
 * is sure to be refused: another period may have begun.
 */
export async function untilRefused(send: () => Promise<Response>): Promise<Response> {
  for (let sent = 0; sent < BEYOND_ALL_LIMITS; sent += PARALLEL) {
    const { refused } = await flood(PARALLEL, send);
    if (refused) return refused;
  }
  throw new AssertionError({ message: `${BEYOND_ALL_LIMITS} requests were not refused.` });
}
