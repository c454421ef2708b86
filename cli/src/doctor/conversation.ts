import {
  Client,
  SSEClientTransport,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";

import { BridgeError } from "../bridge-error.ts";
import type { Entrance } from "./authenticated-request.ts";
import { PATIENCE_MS, type Patient } from "./patient.ts";

/** The two kinds of revisions: those with `initialize`, and those from 2026-07-28 on with `server/discover`. */
type Era = "sessions" | "stateless";

export interface Conversation {
  readonly client: Client;
  readonly era: Era;
  /** All of the era that the server names; of sessions, it names one. */
  readonly revisions: readonly string[];
  end(): Promise<void>;
}

const ABOUT = { name: "mcp-bridge-doctor", version: "1" };

function transportTo({ url }: Patient, { transport, fetch }: Entrance) {
  return transport === "sse"
    ? new SSEClientTransport(url, { fetch })
    : new StreamableHTTPClientTransport(url, { fetch });
}

async function converse(
  transport: ReturnType<typeof transportTo>,
  mode: "auto" | "legacy",
): Promise<Conversation> {
  const client = new Client(ABOUT, { versionNegotiation: { mode } });
  await client.connect(transport, { timeout: PATIENCE_MS });
  const revision = client.getNegotiatedProtocolVersion() ?? "unknown";
  const isStateless = client.getProtocolEra() === "modern";
  return {
    client,
    era: isStateless ? "stateless" : "sessions",
    revisions: isStateless
      ? (client.getDiscoverResult()?.supportedVersions ?? [revision])
      : [revision],
    async end() {
      if (transport instanceof StreamableHTTPClientTransport)
        await transport.terminateSession().catch(() => undefined);
      await client.close();
    },
  };
}

/** Speaks to the server in every era that it speaks. Throws when it speaks in none. */
export async function openConversations(
  patient: Patient,
  entrance: Entrance,
): Promise<readonly [Conversation, ...Conversation[]]> {
  const speak = (mode: "auto" | "legacy") => converse(transportTo(patient, entrance), mode);
  if (entrance.transport === "sse") return [await speak("legacy")];
  const first = await speak("auto");
  if (first.era === "sessions") return [first];
  try {
    return [first, await speak("legacy")];
  } catch (error) {
    // A server of today's revision alone; but a token that is refused is news.
    if (error instanceof BridgeError) throw error;
    return [first];
  }
}
