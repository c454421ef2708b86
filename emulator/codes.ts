import { createHash, randomBytes } from "node:crypto";

/** What a person agreed to, waiting to be exchanged for a token. */
export interface Authorization {
  clientId: string;
  redirectUri: string;
  userId: number;
  scopes: string[];
  /** RFC 7636: present when the application asked with PKCE. */
  challenge: string | null;
}

const CODE_LIFETIME_MS = 10 * 60 * 1000;

export type AuthorizationCodes = ReturnType<typeof authorizationCodes>;

export function authorizationCodes() {
  const pending = new Map<string, Authorization & { expiresAt: number }>();

  function peek(code: string): Authorization | undefined {
    const authorization = pending.get(code);
    return authorization && authorization.expiresAt > Date.now() ? authorization : undefined;
  }

  return {
    issue(authorization: Authorization): string {
      const now = Date.now();
      for (const [code, { expiresAt }] of pending) if (expiresAt <= now) pending.delete(code);
      const code = randomBytes(10).toString("hex");
      pending.set(code, { ...authorization, expiresAt: now + CODE_LIFETIME_MS });
      return code;
    },
    peek,
    /** A code counts once, whatever becomes of it. */
    take(code: string): Authorization | undefined {
      const authorization = peek(code);
      pending.delete(code);
      return authorization;
    },
    clear: () => pending.clear(),
  };
}

export function verifies(verifier: string, challenge: string): boolean {
  return createHash("sha256").update(verifier).digest("base64url") === challenge;
}
