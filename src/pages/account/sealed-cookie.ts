import type { Context } from "hono";
import { generateCookie, getCookie } from "hono/cookie";
import * as z from "zod";

import { SealError, sealer } from "../../auth/seal.ts";
import type { Secrets } from "../../config.ts";

interface SealedCookieOptions<Value> {
  /** Begins with `__Host-`: then the browser takes it from this host alone, over TLS. */
  readonly name: string;
  readonly seconds: number;
  readonly schema: z.ZodType<Value>;
  readonly secrets: Secrets;
}

/** A value that a browser keeps for us, and can neither read nor alter. */
export interface SealedCookie<Value> {
  /** Whether the browser brought one, of whatever worth. */
  isPresent(c: Context): boolean;
  /** What the browser brought, unless it is absent, forged, of another kind, or over. */
  read(c: Context): Promise<Value | undefined>;
  /** The `Set-Cookie` that gives it to the browser. */
  write(value: Value): Promise<string>;
  /** The `Set-Cookie` that takes it away. */
  readonly end: string;
}

/** A cookie of one name, sealed under that name, which ends by its own word and not the browser's. */
export function sealedCookie<Value>(options: SealedCookieOptions<Value>): SealedCookie<Value> {
  const { name, seconds, secrets } = options;
  const { seal, open } = sealer(secrets, "account pages");
  const schema = z.object({ value: options.schema, endsAt: z.number() });
  const setCookie = (text: string, maxAge: number) =>
    generateCookie(name, text, {
      path: "/",
      secure: true,
      httpOnly: true,
      // Not Strict: the way back from GitHub is a redirect that another site began.
      sameSite: "Lax",
      maxAge,
    });

  return {
    isPresent: (c) => getCookie(c, name) !== undefined,
    async read(c) {
      const sealed = getCookie(c, name);
      if (sealed === undefined) return undefined;
      try {
        const { value, endsAt } = schema.parse(JSON.parse(await open(sealed, name)));
        return Date.now() < endsAt ? value : undefined;
      } catch (error) {
        // One that an older version of this server sealed may say other things.
        if (error instanceof SealError || error instanceof z.ZodError) return undefined;
        throw error;
      }
    },
    async write(value) {
      const endsAt = Date.now() + seconds * 1000;
      return setCookie(await seal(JSON.stringify({ value, endsAt }), name), seconds);
    },
    end: setCookie("", 0),
  };
}
