import type { Entrance } from "./authenticated-request.ts";
import type { Outcome } from "./chart.ts";
import { type Conversation, openConversations } from "./conversation.ts";
import { PATIENCE_MS, type Patient } from "./patient.ts";

type Conversations = readonly [Conversation, ...Conversation[]];

/** How many tools are named; of the others, only their number is told. */
const NAMED_TOOLS = 5;

const ROUNDS = 5;

/** Which revisions the server speaks. */
export async function speak(patient: Patient, entrance: Entrance): Promise<Outcome<Conversations>> {
  const conversations = await openConversations(patient, entrance);
  const [{ client }] = conversations;
  const server = client.getServerVersion();
  const revisions = conversations.flatMap((conversation) => conversation.revisions);
  const eras = conversations.map(({ era }) => era);
  return {
    says: `${server?.name ?? "A server without a name"} ${server?.version ?? ""} speaks ${revisions.join(", ")}.`,
    facts: { server: server?.name, version: server?.version, revisions, eras },
    value: conversations,
  };
}

/** Which tools the server has, in each era. */
export async function listTools(conversations: Conversations): Promise<Outcome<true>> {
  const counts = new Map<string, number>();
  let names: string[] = [];
  for (const { client, era } of conversations) {
    const { tools } = await client.listTools(undefined, { timeout: PATIENCE_MS });
    counts.set(era, tools.length);
    names = tools.map(({ name }) => name);
  }
  const first = names.slice(0, NAMED_TOOLS);
  const more = names.length > first.length ? ", …" : "";
  return {
    says: names.length === 0 ? "None." : `${names.length}: ${first.join(", ")}${more}`,
    facts: { count: names.length, byEra: Object.fromEntries(counts), first },
    problems:
      new Set(counts.values()).size > 1
        ? [
            {
              what: "The number of tools differs between the revisions.",
              advice: "Have the server offer the same tools to all clients.",
            },
          ]
        : [],
    value: true,
  };
}

/** How long a message takes there and back, in milliseconds. */
export async function measure([{ client, era }]: Conversations): Promise<Outcome<true>> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    if (era === "stateless") await client.discover({ timeout: PATIENCE_MS });
    else await client.ping({ timeout: PATIENCE_MS });
    times.push(performance.now() - start);
  }
  const sorted = times.toSorted((a, b) => a - b).map((time) => Math.round(time * 10) / 10);
  const [min = 0] = sorted;
  const median = sorted[Math.floor(ROUNDS / 2)] ?? 0;
  return {
    says: `${min} ms at best, ${median} ms usually, of ${ROUNDS}.`,
    facts: { min, median, rounds: ROUNDS },
    value: true,
  };
}
