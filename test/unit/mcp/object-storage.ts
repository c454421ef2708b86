import type { SessionClock } from "../../../src/mcp/session-clock.ts";

/** The part of a Durable Object's storage that the event store and the clock use, over a map. */
export function storageOf(
  stored: Map<string, unknown>,
): ConstructorParameters<typeof SessionClock>[0] {
  const storage = {
    get: async (key: string) => stored.get(key),
    put: async (key: string, value: unknown) => void stored.set(key, value),
    delete: async (key: string) => stored.delete(key),
    async list({ prefix = "", startAfter = "", limit = Infinity }) {
      const keys = [...stored.keys()].filter((key) => key.startsWith(prefix) && key > startAfter);
      return new Map(
        keys
          .toSorted()
          .slice(0, limit)
          .map((key) => [key, stored.get(key)]),
      );
    },
  };
  return storage as never;
}
