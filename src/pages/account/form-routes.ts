import { type Context, Hono } from "hono";

import { accountOf } from "../../account/accounts.ts";
import { endGrants } from "../../account/end-grants.ts";
import { receiveOAuthBody } from "../../limits/oauth-body.ts";
import type { AccountSession } from "./account-cookies.ts";
import { notConnected, notYourForm, unreadableForm } from "./refusals.tsx";
import type { SealedCookie } from "./sealed-cookie.ts";
import { seeOther } from "./see-other.ts";

/** A form of these pages holds a secret and the name of a grant. */
const MAX_FORM_BYTES = 4 * 1024;

interface ReceivedForm {
  readonly session: AccountSession;
  readonly fields: URLSearchParams;
}

const encoder = new TextEncoder();

function isSame(given: string, expected: string): boolean {
  const [one, other] = [encoder.encode(given), encoder.encode(expected)];
  return one.byteLength === other.byteLength && crypto.subtle.timingSafeEqual(one, other);
}

/** The form of a signed-in person, or the answer to what is no such form. */
async function receiveForm(
  c: Context,
  cookie: SealedCookie<AccountSession>,
): Promise<ReceivedForm | Response> {
  const body = await receiveOAuthBody(c.req.raw, MAX_FORM_BYTES);
  if (typeof body !== "string") return unreadableForm(body.status, body.description);
  const session = await cookie.read(c);
  const fields = new URLSearchParams(body);
  if (!session || !isSame(fields.get("csrf") ?? "", session.csrf)) return notYourForm();
  return { session, fields };
}

/** What the buttons of the account page do. */
export function formRoutes(cookie: SealedCookie<AccountSession>, origin: string) {
  const app = new Hono<{ Bindings: Env }>();

  app.post("/account/revoke", async (c) => {
    const form = await receiveForm(c, cookie);
    if (form instanceof Response) return form;
    const { identity } = form.session;
    const isAll = form.fields.get("all") === "yes";
    const named = form.fields.get("grant");
    const connections = await accountOf(c.env, identity).connections();
    const grantIds = connections
      .map(({ grantId }) => grantId)
      .filter((grantId) => isAll || grantId === named);
    if (grantIds.length === 0) return notConnected();
    await endGrants(c.env, identity, grantIds, { origin, why: "disconnected" });
    return seeOther(`/account?done=${isAll ? "all" : "one"}`);
  });

  app.post("/account/sign-out", async (c) => {
    const form = await receiveForm(c, cookie);
    return form instanceof Response ? form : seeOther("/account", cookie.end);
  });

  return app;
}
