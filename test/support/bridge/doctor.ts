import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { BRIDGE } from "../built-bridge.ts";
import { NODE } from "../shell.ts";

/** A step of what `mcp-bridge debug --json` prints. */
interface DoctorStep {
  readonly step: string;
  readonly state: "ok" | "failed" | "skipped";
  readonly took: number;
  readonly says: string;
  readonly facts: Readonly<Record<string, any>>;
  readonly problems: readonly { what: string; advice?: string }[];
}

export interface Visit {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type Env = Readonly<Record<string, string>>;

/** Runs `mcp-bridge debug` with an empty home, and nothing of this machine's environment but `env`. */
export async function visitDoctor(args: readonly string[], env: Env = {}): Promise<Visit> {
  const home = await mkdtemp(join(tmpdir(), "github-mcp-worker-doctor-"));
  try {
    const child = spawn(NODE, [BRIDGE, "debug", ...args], {
      env: { HOME: home, PATH: home, METADATA_SERVER_DETECTION: "none", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const [stdout, stderr, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      ended,
    ]);
    return { code, stdout, stderr };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

export interface Diagnosis extends Visit {
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
