import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { type GitHubEmulator, startGitHub } from "../emulator/github.ts";
import { EMULATED_OAUTH_APP } from "../emulator/seed.ts";
import { portTaken, refuseTakenPort } from "./ports.ts";
import { serverSecret } from "./server-secret.ts";
import { StartError } from "./start-error.ts";
import { refuseFormerSecrets, type Vars, usesRealGitHub } from "./vars.ts";
import { type Worker, startWorker } from "./worker-process.ts";

const GITHUB = "https://github.com";

export interface StackOptions {
  port: number;
  emulatorPort: number;
  /** Holds what a restart must find again: storage, the emulator's tokens, the server secret. */
  stateDir: string;
  /** What `.dev.vars` would say. With GitHub credentials in it, no emulator is started. */
  vars?: Vars;
  /** Another main script for wrangler. */
  entry?: string;
  onLog?: (line: string) => void;
  /** Gives up a start that is under way. */
  signal?: AbortSignal;
}

export interface Stack {
  url: string;
  githubUrl: string;
  isEmulated: boolean;
  /** Resolves when the Worker ends, with a word on how. */
  ended: Promise<string>;
  close(): Promise<void>;
}

/** The Worker in wrangler's local mode, and the GitHub that it signs people in with. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { port, emulatorPort, stateDir, vars = {} } = options;
  refuseFormerSecrets(vars);
  const isEmulated = !usesRealGitHub(vars);
  await refusePorts(port, isEmulated ? emulatorPort : undefined);
  mkdirSync(stateDir, { recursive: true });
  const github = isEmulated ? await startEmulator(emulatorPort, stateDir) : undefined;
  try {
    const allVars = {
      SERVER_SECRET: vars.SERVER_SECRET || serverSecret(stateDir),
      ...withoutEmpty(vars),
      ...(github && emulatedGitHub(github)),
      // Workers AI is not there locally, so nobody can generate images.
      IMAGE_LOGINS: "",
    };
    const worker = await startWorker({ ...options, vars: allVars });
    const githubUrl = github?.url ?? vars.GITHUB_URL ?? GITHUB;
    return {
      url: worker.url,
      githubUrl,
      isEmulated,
      ended: worker.ended,
      close: closer(worker, github),
    };
  } catch (error) {
    await github?.close();
    throw error;
  }
}

async function refusePorts(port: number, emulatorPort: number | undefined): Promise<void> {
  if (port === emulatorPort) {
    throw new StartError(
      `PORT and GITHUB_EMULATOR_PORT are both ${port}. Choose two different ports.`,
    );
  }
  await refuseTakenPort("PORT", port);
  if (emulatorPort !== undefined) await refuseTakenPort("GITHUB_EMULATOR_PORT", emulatorPort);
}

async function startEmulator(port: number, stateDir: string): Promise<GitHubEmulator> {
  try {
    return await startGitHub({ port, stateFile: join(stateDir, "github-emulator.json") });
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    throw isTaken ? portTaken("GITHUB_EMULATOR_PORT", port) : error;
  }
}

function emulatedGitHub(github: GitHubEmulator): Vars {
  return {
    GITHUB_CLIENT_ID: EMULATED_OAUTH_APP.clientId,
    GITHUB_CLIENT_SECRET: EMULATED_OAUTH_APP.clientSecret,
    GITHUB_URL: github.url,
  };
}

function withoutEmpty(vars: Vars): Vars {
  return Object.fromEntries(Object.entries(vars).filter(([, value]) => value !== ""));
}

function closer(worker: Worker, github: GitHubEmulator | undefined): () => Promise<void> {
  let closed: Promise<void> | undefined;
  return () => (closed ??= worker.close().then(() => github?.close()));
}
