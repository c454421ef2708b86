import type { Caller } from "../auth/caller.ts";
import type { Identity } from "../auth/identity.ts";
import type { Config } from "../config.ts";
import { githubClient } from "../github/client.ts";
import { githubServer } from "../github/server.ts";
import type { TokenSource } from "../github/token-source.ts";
import { chosenTools } from "./chosen-tools.ts";
import type { ImageModel, Tool, ToolContext } from "./define-tool.ts";
import { workersAiImages } from "./image-model.ts";

/**
 * Makes the tools that there are, and what they may use, out of the settings and the Workers AI
 * binding where there is one. Throws `ConfigError`.
 */
export function toolContexts(config: Config, ai: Ai | undefined) {
  const server = githubServer(config.github.url);
  const tools = chosenTools(config);

  const imagesFor = (identity: Identity): ImageModel | undefined =>
    ai && config.imageLogins.has(identity.login.toLowerCase()) ? workersAiImages(ai) : undefined;

  return {
    /** Every tool of this server, whoever sees it. */
    tools,
    /** The tools that a person sees. */
    toolsFor(identity: Identity): readonly Tool[] {
      const offer = { identity, images: imagesFor(identity) };
      return tools.filter((tool) => tool.isOffered?.(offer) ?? true);
    },
    contextFor: (caller: Caller, tokens: TokenSource): ToolContext => ({
      identity: caller.identity,
      githubHost: server.host,
      images: imagesFor(caller.identity),
      publicOnly: caller.tokenSet === "" && !caller.scopes.includes("github:private"),
      github: () => githubClient(server, tokens),
    }),
  };
}
