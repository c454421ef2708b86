import type { Caller } from "../auth/caller.ts";
import { type Identity, identityKey } from "../auth/identity.ts";
import { sealer } from "../auth/seal.ts";
import type { Config } from "../config.ts";
import { githubClient } from "../github/client.ts";
import { githubServer } from "../github/server.ts";
import type { ImageModel, ToolContext } from "./define-tool.ts";
import { workersAiImages } from "./image-model.ts";

/** Makes what tools may use, out of the settings and the Workers AI binding where there is one. */
export function toolContexts(config: Config, ai: Ai | undefined) {
  const server = githubServer(config.github.url);
  const { open } = sealer(config.serverSecret);

  const imagesFor = (identity: Identity): ImageModel | undefined =>
    ai && config.imageLogins.has(identity.login.toLowerCase()) ? workersAiImages(ai) : undefined;

  return {
    /** What decides which tools a person sees. */
    offerFor: (identity: Identity) => ({ identity, images: imagesFor(identity) }),
    contextFor: ({ identity, githubToken }: Caller): ToolContext => ({
      identity,
      githubHost: server.host,
      images: imagesFor(identity),
      // Opened only when a tool asks for it: most calls never see the token in clear.
      github: async () => githubClient(server, await open(githubToken, identityKey(identity))),
    }),
  };
}

export type ToolContexts = ReturnType<typeof toolContexts>;
