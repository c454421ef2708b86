import type { Config } from "../config.ts";
import { ToolError } from "../errors.ts";
import { githubClient } from "../github/client.ts";
import { githubServer } from "../github/server.ts";
import { fetchTokenOwner, type TokenOwner } from "../github/token-owner.ts";
import { onlyToken } from "../github/token-source.ts";
import { mayEnter, refusalText } from "./access-policy.ts";
import type { Caller } from "./caller.ts";
import { identityKey, type Person } from "./identity.ts";
import { ALL_SCOPES, BASELINE_SCOPES, type Scope } from "./scopes.ts";
import { sealer } from "./seal.ts";
import { sha256 } from "./sha256.ts";
import { CredentialRefused, tooManyTokens, type WayIn } from "./way-in.ts";

/** Classic and fine-grained ones. Tokens that GitHub gave to other apps are none (MCP: no passthrough). */
const PERSONAL_TOKEN = /^(?:ghp_[A-Za-z0-9]{30,250}|github_pat_[A-Za-z0-9_]{30,240})$/;

/** For how long GitHub is not asked again. A token that ends there is good here for so long. */
const VERDICT_MS = 60_000;
const MAX_VERDICTS = 1000;

/** A request waits for this before it begins, within the ten seconds that it may take. */
const TIMEOUT_MS = 3_000;

type Verdict = Caller | CredentialRefused;

/** A fine-grained token's permissions are GitHub's to check; a classic one says what it may. */
function scopesOf({ scopes }: TokenOwner): readonly Scope[] {
  return scopes === undefined || scopes.includes("repo") ? ALL_SCOPES : BASELINE_SCOPES;
}

/**
 * Personal access tokens of GitHub, which scripts have already: whose it is, GitHub is asked. The
 * verdict, good or bad, is kept for a minute in this isolate, by the token's hash.
 */
export function githubTokens(config: Config): WayIn {
  const server = githubServer(config.github.url);
  const { seal } = sealer(config.serverSecrets);
  const verdicts = new Map<string, { verdict: Verdict; until: number }>();

  async function callerOf(token: string, name: string): Promise<Verdict> {
    const client = githubClient(server, onlyToken(token), TIMEOUT_MS);
    const owner = await fetchTokenOwner(client);
    const identity: Person = { kind: "person", id: owner.id, login: owner.login };
    if (!(await mayEnter(config, identity, client))) {
      const facts = { caller: identityKey(identity), login: identity.login };
      return new CredentialRefused(403, "not admitted", refusalText(config), facts);
    }
    return {
      identity,
      way: "github_token",
      grantId: `github-token-${name.slice(0, 16)}`,
      scopes: [...scopesOf(owner)],
      client: { name: "personal access token", host: "", isVerified: false },
      expiresAt: owner.expiresAt,
      github: { by: "bearer", sealed: await seal(token, identityKey(identity)) },
    };
  }

  async function ask(token: string, name: string): Promise<Verdict> {
    try {
      return await callerOf(token, name);
    } catch (error) {
      if (error instanceof ToolError && error.code === "signed_out") {
        const message = "GitHub does not accept this token. Give your client another one.";
        return new CredentialRefused(401, "refused by GitHub", message);
      }
      throw error;
    }
  }

  function keep(name: string, verdict: Verdict): void {
    if (verdicts.size >= MAX_VERDICTS) verdicts.clear();
    verdicts.set(name, { verdict, until: Date.now() + VERDICT_MS });
  }

  return {
    name: "github_token",
    accepts: (token) => PERSONAL_TOKEN.test(token),
    async verify({ token, mayAsk }) {
      if (!config.allowGitHubTokens) {
        const message = "This server takes no GitHub tokens. Sign in instead.";
        throw new CredentialRefused(401, "switched off", message);
      }
      const name = await sha256(token);
      const known = verdicts.get(name);
      const isFresh = known !== undefined && known.until > Date.now();
      if (!isFresh && !(await mayAsk())) throw tooManyTokens();
      const verdict = isFresh ? known.verdict : await ask(token, name);
      if (!isFresh) keep(name, verdict);
      if (verdict instanceof CredentialRefused) throw verdict;
      return verdict;
    },
  };
}
