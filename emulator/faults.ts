import { BadInput, type Fields, isFields } from "./input.ts";

/** What may go wrong on the way to GitHub, or at it. */
export type Fault =
  | { kind: "status"; status: number; headers?: Record<string, string>; body?: unknown }
  | { kind: "sso"; url?: string }
  | { kind: "rate-limit"; status?: 403 | 429; resetInSeconds?: number }
  | { kind: "secondary-rate-limit"; status?: 403 | 429; retryAfterSeconds?: number }
  /** Answers as usual, later. */
  | { kind: "slow"; delayMs: number }
  /** The usual headers, then the usual body at one byte a second. */
  | { kind: "drip" }
  /** Destroys the socket before any header. */
  | { kind: "reset" }
  /** The usual headers and half of the usual body, then destroys the socket. */
  | { kind: "cut" }
  | { kind: "wrong-type" }
  | { kind: "bad-json" }
  /** So many bytes of JSON, or of text under another content type. */
  | { kind: "huge"; bytes: number; contentType?: string }
  /** A small answer that unpacks to so many bytes. */
  | { kind: "gzip-bomb"; bytes: number; contentType?: string }
  | { kind: "redirect"; status: 301 | 302 | 307 | 308; location: string };

interface FaultMatch {
  /** Part of the path, or the source of a regular expression over it. The query does not count. */
  path?: string;
  method?: string;
  /** Who is acting. */
  login?: string;
}

export interface FaultRequest {
  match?: FaultMatch;
  fault: Fault;
  /** How many requests it strikes; without it, all until the faults are cleared. */
  times?: number;
}

export interface Target {
  path: string;
  method: string;
  login: string | null;
}

export type Faults = ReturnType<typeof faultRegister>;

export function faultRegister() {
  let active: { id: number; match: FaultMatch; fault: Fault; left: number }[] = [];
  let lastId = 0;
  return {
    add({ match = {}, fault, times = Infinity }: FaultRequest): number {
      active.push({ id: ++lastId, match, fault, left: times });
      return lastId;
    },
    /** The oldest fault that strikes this request; it is used up by one. */
    take(target: Target): Fault | undefined {
      const struck = active.find(({ match }) => strikes(match, target));
      if (!struck) return undefined;
      struck.left--;
      if (struck.left <= 0) active = active.filter((other) => other !== struck);
      return struck.fault;
    },
    clear() {
      active = [];
    },
  };
}

function strikes({ path, method, login }: FaultMatch, target: Target): boolean {
  if (method !== undefined && method.toUpperCase() !== target.method) return false;
  if (login !== undefined && login.toLowerCase() !== target.login?.toLowerCase()) return false;
  return path === undefined || target.path.includes(path) || expression(path).test(target.path);
}

/** A text that is no regular expression matches only as a part of the path. */
function expression(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch {
    return /(?!)/;
  }
}

type Check = (fault: Fields) => boolean;

const isCount = (value: unknown) => Number.isInteger(value) && Number(value) >= 0;
const isAbsentOr = (check: (value: unknown) => boolean) => (value: unknown) =>
  value === undefined || check(value);
const isText = (value: unknown) => typeof value === "string";
const isHeaderValues = (value: unknown) => isFields(value) && Object.values(value).every(isText);
const isLimitStatus = isAbsentOr((value) => value === 403 || value === 429);
const isStatus = (value: unknown) => isCount(value) && Number(value) >= 200 && Number(value) < 600;
const isSized: Check = ({ bytes, contentType }) =>
  isCount(bytes) && isAbsentOr(isText)(contentType);
const always: Check = () => true;

const CHECKS: Record<Fault["kind"], Check> = {
  status: ({ status, headers }) => isStatus(status) && isAbsentOr(isHeaderValues)(headers),
  sso: ({ url }) => isAbsentOr(isText)(url),
  "rate-limit": ({ status, resetInSeconds }) =>
    isLimitStatus(status) && isAbsentOr(isCount)(resetInSeconds),
  "secondary-rate-limit": ({ status, retryAfterSeconds }) =>
    isLimitStatus(status) && isAbsentOr(isCount)(retryAfterSeconds),
  slow: ({ delayMs }) => isCount(delayMs),
  drip: always,
  reset: always,
  cut: always,
  "wrong-type": always,
  "bad-json": always,
  huge: isSized,
  "gzip-bomb": isSized,
  redirect: ({ status, location }) =>
    [301, 302, 307, 308].includes(Number(status)) && isText(location),
};

export function parseFaultRequest({ match, fault, times }: Fields): FaultRequest {
  if (!isFields(fault)) throw new BadInput('"fault" must be an object with a "kind".');
  const check = Object.entries(CHECKS).find(([kind]) => kind === fault.kind)?.[1];
  if (!check) throw new BadInput(`"fault.kind" must be one of ${Object.keys(CHECKS).join(", ")}.`);
  if (!check(fault))
    throw new BadInput(`A member of the fault ${JSON.stringify(fault.kind)} has a wrong value.`);
  if (!isAbsentOr(isFields)(match)) throw new BadInput('"match" must be an object.');
  if (
    isFields(match) &&
    !["path", "method", "login"].every((key) => isAbsentOr(isText)(match[key]))
  ) {
    throw new BadInput('"match.path", "match.method" and "match.login" must be strings.');
  }
  if (times !== undefined && !(isCount(times) && Number(times) > 0)) {
    throw new BadInput('"times" must be a positive integer.');
  }
  return { match, fault, times } as unknown as FaultRequest;
}
