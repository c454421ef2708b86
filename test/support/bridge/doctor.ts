import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type CommandResult, runBridge } from "../bridge-command.ts";

/** A step of what `mcp-bridge debug --json` prints. */
interface DoctorStep {
  readonly step: string;
  readonly state: "ok" | "failed" | "skipped";
  readonly took: number;
  readonly says: string;
  readonly facts: Readonly<Record<string, any>>;
  readonly problems: readonly { what: string; advice?: string }[];
}

export type Env = Readonly<Record<string, string>>;

/** Runs `mcp-bridge debug` with an empty home, and nothing of this machine's environment but `env`. */
export async function visitDoctor(args: readonly string[], env: Env = {}): Promise<CommandResult> {
  const home = await mkdtemp(join(tmpdir(), "github-mcp-worker-doctor-"));
  try {
    const own = { HOME: home, PATH: home, METADATA_SERVER_DETECTION: "none" };
    return await runBridge(["debug", ...args], { ...own, ...env });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

export interface Diagnosis extends CommandResult {
  readonly ok: boolean;
  step(name: string): DoctorStep;
  /** Steps in that state, in their order. */
  in(state: DoctorStep["state"]): string[];
}

/** What `mcp-bridge debug --json` prints: one document, and nothing beside it. */
export async function diagnose(args: readonly string[], env: Env = {}): Promise<Diagnosis> {
  const visit = await visitDoctor([...args, "--json"], env);
  const { ok, steps } = JSON.parse(visit.stdout) as { ok: boolean; steps: DoctorStep[] };
  return {
    ...visit,
    ok,
    step(name) {
      const found = steps.find(({ step }) => step === name);
      if (!found) throw new Error(`The doctor took no step "${name}".`);
      return found;
    },
    in: (state) => steps.filter((step) => step.state === state).map(({ step }) => step),
  };
}
