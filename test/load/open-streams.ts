import { PEOPLE, type LoadSite } from "./site.ts";
import { postingConnections, SseStream } from "./sse-stream.ts";

/** How many are being opened at one time. */
const OPENING = 8;

const POSTING = 16;

/** Many open streams of several people. */
export interface OpenStreams {
  readonly all: readonly SseStream[];
  /** How many of them the server has ended. */
  ended(): number;
  keepAlives(): number;
  /** Ends every connection, as clients do that go. */
  close(): void;
}

/** Opens streams until there are so many, a few at a time. Throws when one does not open. */
export async function openStreams(
  site: LoadSite,
  count: number,
  signal: AbortSignal,
): Promise<OpenStreams> {
  const people = await Promise.all(PEOPLE.map((person) => site.signedIn(person, "/sse")));
  const posting = postingConnections(site.url, POSTING);
  const all: SseStream[] = [];
  const close = () => {
    for (const part of [...all, ...posting]) part.close();
  };
  let next = 0;
  async function work(): Promise<void> {
    while (next < count && !signal.aborted) {
      const index = next++;
      all.push(await SseStream.open(turn(people, index), turn(posting, index)));
    }
  }
  try {
    await Promise.all(Array.from({ length: OPENING }, work));
  } catch (error) {
    close();
    throw error;
  }
  return {
    all,
    ended: () => all.filter(({ hasEnded }) => hasEnded).length,
    keepAlives: () => all.reduce((sum, { keepAlives }) => sum + keepAlives, 0),
    close,
  };
}

/** Whose turn it is. */
function turn<Item extends object>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (!item) throw new RangeError("There is nobody to take turns.");
  return item;
}
