import type { Caller, GitHubAccess } from "../auth/caller.ts";
import { identityKey } from "../auth/identity.ts";
import { SealError, sealer } from "../auth/seal.ts";
import type { Config } from "../config.ts";
import { ToolError } from "../errors.ts";
import { signedOut } from "../github/errors.ts";
import { installationTokens } from "../github/installation.ts";
import type { TokenSource } from "../github/token-source.ts";
import { describeError, log } from "../log.ts";
import { currentRequest } from "../request-context.ts";
import { accountOf } from "./accounts.ts";
import { LEEWAY_SECONDS, type SharedToken, type TokenAnswer } from "./upstream-tokens.ts";

type Copy = Pick<SharedToken, "sealed" | "expiresAt">;

/**
 * What this isolate was given instead of copies that are no longer good, by the copy: an access
 * token keeps its copy for up to an hour. All of it is sealed for its owner.
 */
const replacements = new Map<string, Copy>();

const MAX_REPLACEMENTS = 1000;

function remember(copy: string, replacement: Copy): void {
  if (replacements.size >= MAX_REPLACEMENTS) replacements.clear();
  replacements.set(copy, replacement);
}

function unavailable(): ToolError {
  return new ToolError(
    "github_unavailable",
    "GitHub did not accept this sign-in just now, but has not ended it. Try again in a minute; if it stays so, sign in again.",
  );
}

function unreachable(error: unknown): never {
  log("warn", "account.unavailable", { error: describeError(error) });
  throw new ToolError(
    "server_unavailable",
    "This server could not reach your account just now. Nothing is lost. Try again in a few seconds.",
  );
}

/**
 * The upstream token of one verified call. The sealed copy that came with the access token is used
 * while it is fresh, and opened only when a tool asks for it; the person's object is asked only
 * when the copy ends, or when GitHub refuses it. Fails with `ToolError` only.
 */
function accountTokens(
  config: Config,
  env: Env,
  { identity }: Caller,
  copy: GitHubAccess & { by: "account" },
): TokenSource {
  const { open } = sealer(config.serverSecrets);
  const owner = identityKey(identity);
  let latest: Promise<string> | undefined;

  const account = () => accountOf(env, identity);

  /** The person's object is a hop away, and may not be there. */
  async function ask(answer: Promise<TokenAnswer>): Promise<string> {
    return plainOf(await answer.catch(unreachable));
  }

  async function plainOf(answer: TokenAnswer): Promise<string> {
    if (answer.status === "signed_out") throw signedOut();
    if (answer.status === "unavailable") throw unavailable();
    remember(copy.sealed, answer.token);
    try {
      return await open(answer.token.sealed, owner);
    } catch (error) {
      throw error instanceof SealError ? signedOut() : error;
    }
  }

  async function first(): Promise<string> {
    const { sealed, expiresAt } = replacements.get(copy.sealed) ?? copy;
    if (expiresAt !== undefined && expiresAt <= Date.now() / 1000 + LEEWAY_SECONDS) {
      return ask(account().current(copy.tokenSet, currentRequest()));
    }
    try {
      return await open(sealed, owner);
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      return ask(account().insteadOf(copy.tokenSet, "", currentRequest()));
    }
  }

  return {
    token: () => (latest ??= first()),
    async insteadOf(refused) {
      const other = await ask(account().insteadOf(copy.tokenSet, refused, currentRequest()));
      if (other === refused) throw unavailable();
      latest = Promise.resolve(other);
      return other;
    },
  };
}

/** A token that the caller brought: nobody here can renew it. Fails with `ToolError` only. */
function presentedToken(config: Config, { identity }: Caller, sealed: string): TokenSource {
  const { open } = sealer(config.serverSecrets);
  return {
    token: () => open(sealed, identityKey(identity)),
    async insteadOf() {
      throw new ToolError(
        "signed_out",
        "GitHub no longer accepts the token that your client presents. Give your client another one.",
      );
    },
  };
}

/** Under whose name GitHub is asked in one verified call. Fails with `ToolError` only. */
export function callerTokens(config: Config, env: Env, caller: Caller): TokenSource {
  const { github } = caller;
  if (github.by === "account") return accountTokens(config, env, caller, github);
  if (github.by === "bearer") return presentedToken(config, caller, github.sealed);
  return installationTokens(config.github);
}
