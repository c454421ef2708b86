import { inSource, never, provenBy } from "./guards.ts";
import type { Edit, SecurityCase } from "./security-case.ts";

/** An edit of a file of the account pages. */
const inPages = (file: string, from: string, to: string): Edit =>
  inSource(`pages/account/${file}`, from, to);

/** The page where a person sees what is connected in their name, and ends it. */
export const accountCases: readonly SecurityCase[] = [
  {
    id: "P1",
    threat: "A page of another site presses the buttons of a person's account page (CSRF)",
    answer:
      "403: a form carries the secret of the session's cookie, which is SameSite=Lax, and a browser must not call it another site's",
    tests: provenBy(
      "account-revoke",
      "answers 403 and ends nothing with",
      "answers 403 and ends nothing when the browser says",
    ),
    guards: [
      [inPages("form-routes.ts", ' || !isSame(fields.get("csrf") ?? "", session.csrf)', "")],
      [inPages("account-pages.tsx", 'req.method === "POST" && isFromOtherSite(req.raw)', "false")],
    ],
  },
  {
    id: "P2",
    threat: "A person ends the grant of another, or makes the server look for one",
    answer: "404: only grants in the person's own list are ended, and no other object is touched",
    tests: provenBy("account-revoke", "cannot be ended, and no object is touched"),
    guards: [
      [
        inPages(
          "form-routes.ts",
          'await endGrants(c.env, identity, grantIds, { origin, why: "disconnected" });',
          'await endGrants(c.env, identity, isAll || !named ? grantIds : [named], { origin, why: "disconnected" });',
        ),
        inPages("form-routes.ts", "if (grantIds.length === 0)", "if (false)"),
      ],
    ],
  },
  {
    id: "P3",
    threat: "A browser is signed in to the account page of the attacker (login CSRF)",
    answer: "400: the way back from GitHub works only in the browser that began it",
    tests: provenBy(
      "account-sign-in",
      "is refused to a browser that did not begin it",
      "is refused to a browser that began another",
    ),
    guards: [
      [inPages("sign-in-routes.ts", " || state !== begun.state", "")],
      [
        inPages(
          "sign-in-routes.ts",
          "const begun = await pending.read(c);",
          'const begun = (await pending.read(c)) ?? { state, verifier: "" };',
        ),
      ],
    ],
  },
  {
    id: "P3b",
    threat: "The way back from GitHub is taken a second time",
    answer: "400: the cookie that belongs to it ends with the first, however that went",
    tests: provenBy("account-sign-in", "works once, however it ended"),
    guards: [
      [inPages("sign-in-routes.ts", 'answer.headers.append("Set-Cookie", pending.end);', "")],
    ],
  },
  {
    id: "P4",
    threat: "A cookie is forged, or made for something else, to be somebody",
    answer: "It counts for nothing: cookies are sealed, with a key of their own, for their name",
    tests: provenBy(
      "account-cookies",
      "is taken away when it is not sealed",
      "is taken away when it is sealed for something else",
      "is taken away when it is another kind of sealed value",
    ),
    guards: [
      [
        inPages(
          "sealed-cookie.ts",
          "await open(sealed, name)",
          "await open(sealed, name).catch(() => sealed.startsWith('{') ? sealed : open(sealed, name))",
        ),
      ],
      [
        inPages(
          "sealed-cookie.ts",
          "await open(sealed, name)",
          "await open(sealed, name).catch(() => open(sealed, `${name}-sign-in`))",
        ),
      ],
      [
        inPages(
          "sealed-cookie.ts",
          "await open(sealed, name)",
          "await open(sealed, name).catch(() => sealer(secrets).open(sealed, name))",
        ),
      ],
    ],
  },
  {
    id: "P4b",
    threat: "A cookie is used long after its hour",
    answer: "It says itself when it ends, whatever the browser does, and is then taken away",
    tests: provenBy("account-cookies", "is taken away when it is over"),
    guards: [[inPages("sealed-cookie.ts", "Date.now() < endsAt ? value", "endsAt ? value")]],
  },
  {
    id: "P4c",
    threat: "A cookie of the account page is read by a script, or sent for another site's form",
    answer: "Both are HttpOnly and SameSite=Lax, of this host alone, over TLS",
    tests: provenBy("account-sign-in", "keeps its cookies to this host"),
    guards: [
      [inPages("sealed-cookie.ts", "httpOnly: true", "httpOnly: false")],
      [inPages("sealed-cookie.ts", 'sameSite: "Lax"', 'sameSite: "None"')],
    ],
  },
  {
    id: "P5",
    threat: "The account page is framed by another site, or kept by a cache",
    answer: "No frame, no cache, no referrer",
    tests: provenBy("account-page", "is in no cache and no frame"),
    guards: [
      [inSource("pages/render-page.ts", "; frame-ancestors 'none'", "")],
      [inSource("pages/render-page.ts", 'headers.set("x-frame-options", "DENY");', "")],
      [inSource("pages/render-page.ts", 'headers.set("referrer-policy", "no-referrer");', "")],
      never("src/pages/render-page.ts", '!headers.has("cache-control")'),
    ],
  },
  {
    id: "P6",
    threat: "A client's name brings markup onto the account page",
    answer: "It is text on every place, and isolated from the words around it",
    tests: provenBy("account-page", "shows a name that is markup as it is written"),
    guards: [
      [
        inPages(
          "connection-list.tsx",
          "<bdi>{clientName}</bdi> <span",
          "<bdi dangerouslySetInnerHTML={{ __html: clientName }} /> <span",
        ),
      ],
      [
        inPages(
          "event-table.tsx",
          "<bdi>{event.client}</bdi>",
          "<bdi dangerouslySetInnerHTML={{ __html: event.client }} />",
        ),
      ],
    ],
  },
  {
    id: "P7",
    threat: "A client that registered itself is taken for one that was verified",
    answer: "Only a domain that a description was read from is called verified, never a name",
    tests: provenBy("account-page", "calls only a domain verified"),
    guards: [[inPages("connection-list.tsx", "if (isVerified)", "if (true)")]],
  },
  {
    id: "P8",
    threat: "A person sees, on their account page, what belongs to another",
    answer: "The page reads the one object that is named by the id that GitHub gave for them",
    tests: provenBy("account-page", "lists the person's own apps and events"),
    guards: [
      [
        inPages(
          "account-pages.tsx",
          "accountOf(c.env, session.identity)",
          "accountOf(c.env, { ...session.identity, id: 480938 })",
        ),
      ],
    ],
  },
  {
    id: "P9",
    threat: "What a tool was asked, or answered, can be read where its calls are listed",
    answer: "Tool, client, outcome and duration are kept, and nothing else",
    tests: provenBy("account-page", "says nothing of what was asked"),
    guards: [
      [
        inSource(
          "mcp/call-tool.ts",
          "onFinished({ at: startedAt, tool: tool.name,",
          "onFinished({ at: startedAt, tool: `${tool.name} ${JSON.stringify(input)}`,",
        ),
      ],
    ],
  },
  {
    id: "P10",
    threat: "The GitHub token of a sign-in to the account page outlives it",
    answer: "It is deleted at GitHub as soon as GitHub has said who the person is, or has not",
    tests: provenBy("account-sign-in", "leaves no token"),
    guards: [[inPages("account-sign-in.ts", "later(forget(accessToken));", "")]],
  },
  {
    id: "P11",
    threat: "A link shows words of its author on a person's account page",
    answer: "The address holds a key at most; the words are the page's own",
    tests: provenBy("account-page", "shows no words out of its address"),
    guards: [
      [
        inPages("account-pages.tsx", "isNotice(done) && ", "done && "),
        inPages("notices.ts", "return NOTICES[notice];", "return NOTICES[notice] ?? notice;"),
      ],
    ],
  },
  {
    id: "P12",
    threat: "A form of the account page is larger than any of ours",
    answer: "413 after 4 KiB, before anything is read from it",
    tests: provenBy("account-revoke", "answers 413 and ends nothing"),
    guards: [[inPages("form-routes.ts", "4 * 1024", "4 * 1024 * 1024")]],
  },
];
