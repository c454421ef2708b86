import type { Caller } from "../auth/caller.ts";
import { type Identity, identityKey } from "../auth/identity.ts";
import { SealError, sealer } from "../auth/seal.ts";
import type { Config } from "../config.ts";
import { githubClient } from "../github/client.ts";
import { signedOut } from "../github/errors.ts";
import { githubServer } from "../github/server.ts";
import type { ImageModel, ToolContext } from "./define-tool.ts";
import { workersAiImages } from "./image-model.ts";

/** Makes what tools may use, out of the settings and the Workers AI binding where there is one. */
export function toolContexts(config: Config, ai: Ai | undefined) {
  const server = githubServer(config.github.url);
  const { open } = sealer(config.serverSecret);

  const imagesFor = (identity: Identity): ImageModel | undefined =>
    ai && config.imageLogins.has(identity.login.toLowerCase()) ? workersAiImages(ai) : undefined;

  /** Opened only when a tool asks for it: most calls never see the token in clear. */
  async function openToken({ identity, githubToken }: Caller): Promise<string> {
    try {
      return await open(githubToken, identityKey(identity));
    } catch (cause) {
      throw cause instanceof SealError ? signedOut() : cause;
    }
  }

  return {
    /** What decides which tools a person sees. */
    offerFor: (identity: Identity) => ({ identity, images: imagesFor(identity) }),
    contextFor: (caller: Caller): ToolContext => ({
      identity: caller.identity,
      githubHost: server.host,
      images: imagesFor(caller.identity),
      publicOnly: !caller.githubTokenHasScopes && !caller.scopes.includes("github:private"),
      github: async () => githubClient(server, await openToken(caller)),
    }),
  };
}

export type ToolContexts = ReturnType<typeof toolContexts>;
