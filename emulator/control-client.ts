import type { LiveToken } from "./control-tokens.ts";
import type { FaultRequest } from "./faults.ts";
import type { MembershipChange } from "./memberships.ts";
import type { LoggedRequest } from "./request-log.ts";
import type { TokenKind } from "./seed.ts";
import type { TokenResponse } from "./tokens.ts";

export interface MintOptions {
  login: string;
  /** "oauth" when absent. */
  app?: Exclude<TokenKind, "installation">;
  /** `read:user` when absent; of an OAuth App's token and a classic one only. */
  scopes?: string[];
  /** Seconds. */
  expiresIn?: number;
}

export interface NewRepository {
  owner: string;
  name: string;
  private?: boolean;
}

export interface ReadmeChange {
  owner: string;
  name: string;
  bytes: Uint8Array | string;
  /** `README.md` when absent. */
  path?: string;
}

export type EmulatorControl = ReturnType<typeof emulatorControl>;

/** The control API of a running emulator, one method a call. */
export function emulatorControl(url: string) {
  const send = sender(url);
  return {
    requests: (login?: string): Promise<LoggedRequest[]> =>
      send("GET", `requests${byLogin(login)}`),
    clearRequests: (): Promise<void> => send("DELETE", "requests"),
    mintToken: (options: MintOptions): Promise<TokenResponse> => send("POST", "tokens", options),
    tokens: (login?: string): Promise<LiveToken[]> => send("GET", `tokens${byLogin(login)}`),
    revokeTokens: (which: { token: string } | { login: string }): Promise<void> =>
      send("POST", "tokens/revoke", which),
    expireToken: (token: string): Promise<void> => send("POST", "tokens/expire", { token }),
    /** How long a GitHub App's user tokens live from now on; 8 hours without an argument. */
    setAppTokenSeconds: (seconds?: number): Promise<void> =>
      send("POST", "tokens/app-lifetime", { seconds }),
    /** The GitHub App's private key, PKCS #8 in PEM. */
    appPrivateKey: async (): Promise<string> =>
      (await send<{ private_key: string }>("GET", "app")).private_key,
    fault: (request: FaultRequest): Promise<{ id: number }> => send("POST", "faults", request),
    clearFaults: (): Promise<void> => send("DELETE", "faults"),
    createRepository: (options: NewRepository): Promise<{ id: number; full_name: string }> =>
      send("POST", "repos", options),
    renameRepository: (owner: string, name: string, to: string): Promise<{ id: number }> =>
      send("POST", `${repo(owner, name)}/rename`, { name: to }),
    putReadme: ({ owner, name, bytes, path = "README.md" }: ReadmeChange): Promise<void> =>
      send("PUT", `${repo(owner, name)}/readme?path=${encodeURIComponent(path)}`, asBytes(bytes)),
    deleteReadme: (owner: string, name: string): Promise<void> =>
      send("DELETE", `${repo(owner, name)}/readme`),
    renamePerson: (login: string, to: string): Promise<{ id: number; login: string }> =>
      send("POST", `people/${encodeURIComponent(login)}/rename`, { login: to }),
    /** Makes a person a member of an organisation, privately, invites them, or takes them out. */
    setMembership: (login: string, org: string, state: MembershipChange): Promise<void> =>
      send("PUT", `people/${encodeURIComponent(login)}/memberships/${encodeURIComponent(org)}`, {
        state,
      }),
    registerRedirectOrigin: (origin: string): Promise<void> =>
      send("POST", "redirect-origins", { origin }),
    reset: (): Promise<void> => send("POST", "reset"),
    /** Presses a person's button on the authorize page; returns where the browser goes next. */
    pickAccount: (authorizeUrl: string, login: string): Promise<string> =>
      press(authorizeUrl, { login }),
    cancelSignIn: (authorizeUrl: string): Promise<string> => press(authorizeUrl, { cancel: "1" }),
  };
}

const repo = (owner: string, name: string) =>
  `repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;

const byLogin = (login?: string) => (login ? `?login=${encodeURIComponent(login)}` : "");

function asBytes(bytes: Uint8Array | string): Uint8Array {
  return typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
}

function sender(url: string) {
  return async <Result>(method: string, path: string, body?: unknown): Promise<Result> => {
    const isBytes = body instanceof Uint8Array;
    const response = await fetch(`${url}/_emulator/${path}`, {
      method,
      headers: { "content-type": isBytes ? "application/octet-stream" : "application/json" },
      ...(body !== undefined && { body: isBytes ? (body as BodyInit) : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (text ? JSON.parse(text) : undefined) as Result;
  };
}

async function press(authorizeUrl: string, fields: Record<string, string>): Promise<string> {
  const body = new URLSearchParams(fields);
  const response = await fetch(authorizeUrl, { method: "POST", body, redirect: "manual" });
  const location = response.headers.get("location");
  if (location) return location;
  const problem = /role="alert">([^<]*)/.exec(await response.text())?.[1];
  throw new Error(`The authorize page answered ${response.status}: ${problem ?? "no redirect"}`);
}
