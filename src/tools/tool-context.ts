import type { Caller } from "../auth/caller.ts";
import type { Identity } from "../auth/identity.ts";
import type { Config } from "../config.ts";
import { githubClient } from "../github/client.ts";
import { githubServer } from "../github/server.ts";
import type { TokenSource } from "../github/token-source.ts";
import { chosenTools } from "./chosen-tools.ts";
import { type ImageModel, needsGitHub, type Tool, type ToolContext } from "./define-tool.ts";
import { workersAiImages } from "./image-model.ts";

const credentialOf = ({ way, scopes, expiresAt, client }: Caller) => ({
  way,
  scopes,
  client,
  ...(expiresAt !== undefined && { expiresAt }),
});

/** A token whose scopes are GitHub's own already reads no more than its person allowed. */
function isBoundToPublic({ github, scopes }: Caller): boolean {
  const isApps = github.by === "app" || (github.by === "account" && github.tokenSet === "");
  return isApps && !scopes.includes("github:private");
}

/**
 * Makes the tools that there are, and what they may use, out of the settings and the Workers AI
 * binding where there is one. Throws `ConfigError`.
 */
export function toolContexts(config: Config, ai: Ai | undefined) {
  const server = githubServer(config.github.url);
  const tools = chosenTools(config);

  function imagesFor(identity: Identity): ImageModel | undefined {
    const isListed =
      identity.kind === "person" && config.imageLogins.has(identity.login.toLowerCase());
    return ai && isListed ? workersAiImages(ai) : undefined;
  }

  /** A service reaches GitHub as this server's GitHub App, or not at all. */
  function canRun(tool: Tool, { kind }: Identity): boolean {
    if (kind === "person") return true;
    return !tool.peopleOnly && (!needsGitHub(tool) || config.github.app !== undefined);
  }

  return {
    /** Every tool of this server, whoever sees it. */
    tools,
    /** The tools that a caller sees. */
    toolsFor(identity: Identity): readonly Tool[] {
      const offer = { identity, images: imagesFor(identity) };
      return tools.filter((tool) => canRun(tool, identity) && (tool.isOffered?.(offer) ?? true));
    },
    contextFor: (caller: Caller, tokens: () => TokenSource): ToolContext => ({
      identity: caller.identity,
      credential: credentialOf(caller),
      githubHost: server.host,
      images: imagesFor(caller.identity),
      publicOnly: isBoundToPublic(caller),
      github: () => githubClient(server, tokens()),
    }),
  };
}
