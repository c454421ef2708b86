import { setMaxListeners } from "node:events";

import { closeServers, listenOnLoopback, portOf } from "./listen.ts";
import { serve } from "./server.ts";
import { type World, createWorld } from "./world.ts";

export interface GitHubEmulatorOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** Where tokens survive a restart; without it they are in memory only. */
  stateFile?: string;
}

export interface GitHubEmulator {
  /** Addressed as GitHub Enterprise Server is: sign-in below `/login/oauth`, the API below `/api/v3`. */
  url: string;
  close(): Promise<void>;
}

export async function startGitHub(options: GitHubEmulatorOptions = {}): Promise<GitHubEmulator> {
  const { port = 0, stateFile } = options;
  const closing = new AbortController();
  // Any number of slow answers may wait for it.
  setMaxListeners(0, closing.signal);
  const { promise: ready, resolve, reject } = Promise.withResolvers<World>();
  // Whoever calls before the world is ready waits; the rejection reaches our caller below.
  ready.catch(() => undefined);

  const servers = await listenOnLoopback(port, (request, response) => {
    ready.then(
      (world) => serve(world, request, response),
      () => response.destroy(),
    );
  });
  const url = `http://localhost:${portOf(servers)}`;
  try {
    const world = await createWorld({ url, stateFile, closing: closing.signal });
    resolve(world);
    return { url, close: closer(() => end(world)) };
  } catch (error) {
    reject(error);
    await closeServers(servers);
    throw error;
  }

  async function end(world: World) {
    closing.abort();
    await Promise.all([closeServers(servers), world.upstream.close()]);
  }
}

function closer(end: () => Promise<void>): () => Promise<void> {
  let ended: Promise<void> | undefined;
  return () => (ended ??= end());
}
