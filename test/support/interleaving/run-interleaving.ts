import type { Channel } from "./channel.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import type { Outcome } from "./outcome.ts";
import type { Interleaving, Step } from "./step.ts";
import type { Inhabitant, World } from "./world.ts";

/** The tool whose answer names who acted, by one request to GitHub. */
const WHO_AM_I = "userInfoOctokit";

/** One run of an interleaving over a world. */
interface Run {
  readonly world: World;
  readonly ledger: Ledger;
  /** Channels that something happens to in this run: there, calls may fail, but never succeed as another. */
  readonly disturbed: ReadonlySet<Channel>;
  /** Whether the whole server goes down for a moment. */
  readonly restarts: boolean;
  readonly faults: string[];
}

/** Plays the lanes side by side, and returns everything that was not as it must be. */
export async function runInterleaving(world: World, lanes: Interleaving): Promise<string[]> {
  const steps = lanes.flat();
  const restarts = steps.some(({ kind }) => kind === "restart");
  const disturbed = restarts ? everyChannel(world) : disturbedBy(world, steps);
  const run: Run = { world, ledger: await openLedger(world), disturbed, restarts, faults: [] };
  await Promise.all(
    lanes.map(async (lane) => {
      for (const step of lane) await take(run, step);
    }),
  );
  run.faults.push(...(await run.ledger.discrepancies()));
  await Promise.all(Array.from(disturbed, (channel) => channel.reopen()));
  return run.faults;
}

const everyChannel = ({ inhabitants }: World) =>
  new Set(inhabitants.flatMap(({ channels }) => channels));

function disturbedBy(world: World, steps: readonly Step[]): Set<Channel> {
  return new Set(
    steps.flatMap((step) =>
      step.kind === "evict" || step.kind === "end"
        ? [channelAt(world, step.who, step.channel)]
        : [],
    ),
  );
}

function inhabitantAt({ inhabitants }: World, who: number): Inhabitant {
  return inhabitants[who % inhabitants.length]!;
}

function channelAt(world: World, who: number, channel: number): Channel {
  return inhabitantAt(world, who).channels[channel]!;
}

async function take(run: Run, step: Step): Promise<void> {
  const { world } = run;
  switch (step.kind) {
    case "call":
      return call(run, inhabitantAt(world, step.who), channelAt(world, step.who, step.channel));
    case "trespass":
      return trespass(run, step);
    case "evict":
      return evict(run, inhabitantAt(world, step.who), channelAt(world, step.who, step.channel));
    case "end":
      return channelAt(world, step.who, step.channel).end();
    case "restart":
      return world.server.redeploy({});
  }
}

async function call(run: Run, caller: Inhabitant, channel: Channel): Promise<void> {
  const outcome = await channel.call(caller.token, WHO_AM_I);
  run.ledger.note(caller, outcome);
  if (outcome.kind === "answered") {
    if (outcome.login === caller.login) return;
    run.faults.push(`${caller.name} was answered as ${String(outcome.login)}`);
  } else if (!run.disturbed.has(channel)) {
    run.faults.push(`${caller.name} was not answered: ${describe(outcome)}`);
  } else if (outcome.kind === "refused" && outcome.status !== 404) {
    run.faults.push(`${caller.name} was refused with ${outcome.status}, not 404`);
  }
}

async function trespass(run: Run, step: Step & { kind: "trespass" }): Promise<void> {
  const stranger = inhabitantAt(run.world, step.who);
  const channel = channelAt(run.world, step.who + step.neighbour, step.channel);
  const outcome = await (step.how === "call"
    ? channel.call(stranger.token, WHO_AM_I)
    : channel.meddle(stranger.token, step.how));
  if (outcome.kind === "refused" && outcome.status === 404) return;
  if (outcome.kind === "broken" && run.restarts) return;
  run.faults.push(`${stranger.name} in a foreign session: ${describe(outcome)}`);
}

/** Takes a session's object out of memory, and makes sure that another instance answers. */
async function evict(run: Run, owner: Inhabitant, channel: Channel): Promise<void> {
  const before = await channel.call(owner.token, "instance");
  const aborted = await channel.call(owner.token, "abort");
  const after = await channel.call(owner.token, "instance");
  if (aborted.kind === "answered") run.faults.push(`an eviction of ${owner.name} did nothing`);
  const isSame =
    before.kind === "answered" && after.kind === "answered" && before.text === after.text;
  if (isSame) run.faults.push(`the evicted instance of ${owner.name} goes on`);
  // With its object, a stream ends; nothing may answer in its name.
  if (channel.kind === "stream" && after.kind === "answered")
    run.faults.push(`a stream of ${owner.name} goes on`);
}

function describe(outcome: Outcome): string {
  if (outcome.kind === "answered") return `answered as ${String(outcome.login)}`;
  return outcome.kind === "refused" ? `status ${outcome.status}` : outcome.why;
}
