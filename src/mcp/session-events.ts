import type { EventStore } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";

import { describeError, log } from "../log.ts";

/** How long a message waits for a client that was cut off. */
export const KEPT_MS = 5 * 60 * 1000;

/** The library's name for the stream that a client opens with GET. */
export const LISTENING_STREAM = "_GET_stream";

/** The revision from which on clients understand an event without data, and so can come back early. */
export const FIRST_PRIMED = "2025-11-25";

const KEY = "event:";
const EVENT_ID = /^([\w-]{1,64}):([0-9a-f]{14})$/;
/** Ids of one millisecond. */
const TICKS = 1024;

function keyOf(streamId: string, tick: number): string {
  return `${KEY}${streamId}:${tick.toString(16).padStart(14, "0")}`;
}

function tickOf(key: string): number {
  return Number.parseInt(key.slice(key.lastIndexOf(":") + 1), 16);
}

/** The id that comes before every event of a stream. */
export function firstEventId(streamId: string): string {
  return keyOf(streamId, 0).slice(KEY.length);
}

export function streamOf(eventId: string): string | undefined {
  return EVENT_ID.exec(eventId)?.[1];
}

/** What the session knows about its streams. */
export interface Streams {
  /** Whether calls of this stream have no answer yet. */
  isWaiting(streamId: string): Promise<boolean>;
  onReplayed(streamId: string): Promise<void>;
}

/**
 * What a session's streams have sent, kept until it was sent again or for {@link KEPT_MS}: a server
 * cannot know whether bytes arrived, so the client's `Last-Event-ID` decides (MCP 2025-11-25,
 * Streamable HTTP, resumability). The library's own store forgets an answer as soon as it has been
 * written to a connection, dead or alive. An event's id holds the time at which it was made.
 */
export class SessionEvents implements EventStore {
  readonly #storage: DurableObjectStorage;
  readonly #streams: Streams;
  #lastTick = 0;

  constructor(storage: DurableObjectStorage, streams: Streams) {
    this.#storage = storage;
    this.#streams = streams;
  }

  async storeEvent(streamId: string, message: JSONRPCMessage): Promise<string> {
    this.#lastTick = Math.max(this.#lastTick + 1, Date.now() * TICKS);
    const key = keyOf(streamId, this.#lastTick);
    try {
      await this.#storage.put(key, message);
    } catch (error) {
      // Storage refuses what is larger than 2 MB. It is sent all the same.
      log("warn", "session.event_not_kept", { error: describeError(error) });
    }
    return key.slice(KEY.length);
  }

  /** A stream that will say nothing any more is unknown: the client then gets one to listen on. */
  async getStreamIdForEventId(eventId: string): Promise<string | undefined> {
    const streamId = streamOf(eventId);
    if (streamId === undefined || streamId === LISTENING_STREAM) return streamId;
    if (await this.#streams.isWaiting(streamId)) return streamId;
    const kept = await this.#storage.list({ prefix: `${KEY}${streamId}:`, limit: 1 });
    return kept.size > 0 ? streamId : undefined;
  }

  async replayEventsAfter(
    lastEventId: string,
    { send }: { send(eventId: string, message: JSONRPCMessage): Promise<void> },
  ): Promise<string> {
    const streamId = streamOf(lastEventId) ?? "";
    const kept = await this.#storage.list<JSONRPCMessage>({
      prefix: `${KEY}${streamId}:`,
      startAfter: KEY + lastEventId,
    });
    const oldest = (Date.now() - KEPT_MS) * TICKS;
    for (const [key, message] of kept) {
      if (tickOf(key) > oldest) await send(key.slice(KEY.length), message);
      await this.#storage.delete(key);
    }
    await this.#streams.onReplayed(streamId);
    return streamId;
  }

  /** Drops what has waited long enough. Returns the seconds until there is more to drop, if any. */
  async sweep(): Promise<number | undefined> {
    const oldest = (Date.now() - KEPT_MS) * TICKS;
    let next: number | undefined;
    for (const key of (await this.#storage.list({ prefix: KEY })).keys()) {
      const tick = tickOf(key);
      if (tick <= oldest) await this.#storage.delete(key);
      else next = Math.min(next ?? tick, tick);
    }
    return next && Math.ceil((next - oldest) / TICKS / 1000);
  }
}
