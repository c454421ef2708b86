import { type AuthorizationCodes, authorizationCodes } from "./codes.ts";
import { type Faults, faultRegister } from "./faults.ts";
import type { MembershipChange } from "./memberships.ts";
import { type People, people } from "./people.ts";
import { rateLimits } from "./rate-limit.ts";
import { type Repositories, repositories } from "./repositories.ts";
import { type RequestLog, requestLog } from "./request-log.ts";
import { loadState, saveState } from "./state-file.ts";
import { type TokenStore, tokenStore } from "./tokens.ts";
import { type Upstream, startUpstream } from "./upstream.ts";

/** Everything that this GitHub remembers. */
export interface World {
  url: string;
  people: People;
  /** Memberships that a test has changed, by organisation and person. */
  memberships: Map<string, MembershipChange>;
  tokens: TokenStore;
  codes: AuthorizationCodes;
  redirectOrigins: Set<string>;
  repositories: Repositories;
  upstream: Upstream;
  limits: ReturnType<typeof rateLimits>;
  faults: Faults;
  log: RequestLog;
  /** Ends what still waits or drips. */
  closing: AbortSignal;
  /** Writes what survives a restart. */
  save(): void;
  reset(): void;
}

export interface WorldOptions {
  url: string;
  stateFile: string | undefined;
  closing: AbortSignal;
}

export async function createWorld({ url, stateFile, closing }: WorldOptions): Promise<World> {
  const saved = loadState(stateFile);
  const redirectOrigins = new Set(saved.redirectOrigins);
  const everyone = people();
  const memberships = new Map<string, MembershipChange>();
  const codes = authorizationCodes();
  const limits = rateLimits();
  const faults = faultRegister();
  const log = requestLog();
  const upstream = await startUpstream(`${url}/api/v3`);
  const repos = repositories({ people: everyone, upstream });

  const save = () => {
    if (!stateFile) return;
    saveState(stateFile, { tokens: tokens.all(), redirectOrigins: [...redirectOrigins] });
  };
  const strangers = (userId: number) => !everyone.byId(userId);
  const tokens = tokenStore(
    saved.tokens.filter((issued) => !strangers(issued.userId)),
    save,
  );

  return {
    url,
    people: everyone,
    memberships,
    tokens,
    codes,
    redirectOrigins,
    repositories: repos,
    upstream,
    limits,
    faults,
    log,
    closing,
    save,
    reset() {
      redirectOrigins.clear();
      tokens.reset();
      save();
      codes.clear();
      limits.reset();
      faults.clear();
      log.clear();
      everyone.reset();
      memberships.clear();
      upstream.reset();
      repos.reset();
    },
  };
}
