import type { Caller } from "../auth/caller.ts";
import { identityKey } from "../auth/identity.ts";
import { SealError, sealer } from "../auth/seal.ts";
import type { Config } from "../config.ts";
import { ToolError } from "../errors.ts";
import { signedOut } from "../github/errors.ts";
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
export function callerTokens(config: Config, env: Env, caller: Caller): TokenSource {
  const { open } = sealer(config.serverSecrets);
  const owner = identityKey(caller.identity);
  let latest: Promise<string> | undefined;

  const account = () => accountOf(env, caller.identity);

  /** The person's object is a hop away, and may not be there. */
  async function ask(answer: Promise<TokenAnswer>): Promise<string> {
    return plainOf(await answer.catch(unreachable));
  }

  async function plainOf(answer: TokenAnswer): Promise<string> {
    if (answer.status === "signed_out") throw signedOut();
    if (answer.status === "unavailable") throw unavailable();
    remember(caller.githubToken, answer.token);
    try {
      return await open(answer.token.sealed, owner);
    } catch (error) {
      throw error instanceof SealError ? signedOut() : error;
    }
  }

  async function first(): Promise<string> {
    const { sealed, expiresAt } = replacements.get(caller.githubToken) ?? {
      sealed: caller.githubToken,
      expiresAt: caller.githubTokenExpiresAt,
    };
    if (expiresAt !== undefined && expiresAt <= Date.now() / 1000 + LEEWAY_SECONDS) {
      return ask(account().current(caller.tokenSet, currentRequest()));
    }
    try {
      return await open(sealed, owner);
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      return ask(account().insteadOf(caller.tokenSet, "", currentRequest()));
    }
  }

  return {
    token: () => (latest ??= first()),
    async insteadOf(refused) {
      const other = await ask(account().insteadOf(caller.tokenSet, refused, currentRequest()));
      if (other === refused) throw unavailable();
      latest = Promise.resolve(other);
      return other;
    },
  };
}
