import { onTestFinished } from "vitest";

import { openSignInHome, type SignInHome } from "./sign-in-home.ts";
import {
  type SignInServer,
  type SignInServerOptions,
  startSignInServer,
} from "./sign-in-server.ts";
import { type Bridge, endBridge, startBridge } from "./start-bridge.ts";

/** A server and a person's machine, for one test. */
export interface SignInStage {
  readonly server: SignInServer;
  readonly home: SignInHome;
  /** Starts a bridge there, which the test's end ends. */
  start(args?: readonly string[], env?: Readonly<Record<string, string>>): Bridge;
}

export async function signInStage(
  options: SignInServerOptions = {},
  person?: "follows" | "is away",
): Promise<SignInStage> {
  const server = await startSignInServer(options);
  onTestFinished(server.close);
  const home = await openSignInHome(person);
  onTestFinished(home.remove);
  return { server, home, start: (args, env) => startSignInBridge(server.url, home, args, env) };
}

/** Starts a bridge that signs in, and tells all that it can. */
function startSignInBridge(
  url: string,
  home: SignInHome,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Bridge {
  const all = ["--token-source", "oauth", "--log-level", "debug", ...args];
  const bridge = startBridge(url, all, { ...home.env, ...env });
  onTestFinished(() => endBridge(bridge));
  return bridge;
}

/** Ends a bridge as a client does. */
export async function leave(bridge: Bridge): Promise<void> {
  await bridge.ended(() => bridge.process.stdin.end());
}
