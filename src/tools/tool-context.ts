import type { Caller } from "../auth/caller.ts";
import type { Identity } from "../auth/identity.ts";
import type { Config } from "../config.ts";
import { githubClient } from "../github/client.ts";
import { githubServer } from "../github/server.ts";
import type { TokenSource } from "../github/token-source.ts";
import type { ImageModel, ToolContext } from "./define-tool.ts";
import { workersAiImages } from "./image-model.ts";

/** Makes what tools may use, out of the settings and the Workers AI binding where there is one. */
export function toolContexts(config: Config, ai: Ai | undefined) {
  const server = githubServer(config.github.url);

  const imagesFor = (identity: Identity): ImageModel | undefined =>
    ai && config.imageLogins.has(identity.login.toLowerCase()) ? workersAiImages(ai) : undefined;

  return {
    /** What decides which tools a person sees. */
    offerFor: (identity: Identity) => ({ identity, images: imagesFor(identity) }),
    contextFor: (caller: Caller, tokens: TokenSource): ToolContext => ({
      identity: caller.identity,
      githubHost: server.host,
      images: imagesFor(caller.identity),
      publicOnly: caller.tokenSet === "" && !caller.scopes.includes("github:private"),
      github: () => githubClient(server, tokens),
    }),
  };
}
