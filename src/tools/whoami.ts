import * as z from "zod";

import type { Identity } from "../auth/identity.ts";
import { identityKey } from "../auth/identity.ts";
import { defineTool, PURE } from "./define-tool.ts";

const PROOFS = {
  oauth: "signed in with GitHub",
  service_token: "presented a service token of this server",
  github_token: "presented a personal access token of GitHub",
  google_id_token: "presented an ID token of Google",
} as const;

const nameOf = (identity: Identity) =>
  identity.kind === "person" ? identity.login : identity.name;

export const whoami = defineTool({
  name: "whoami",
  title: "Who am I here",
  description:
    "Tells who this server thinks is calling, how they proved it, what that allows, and when the credential ends. Useful when something is refused. Never shows the credential.",
  scopes: ["mcp:tools"],
  input: z.object({}),
  output: z.object({
    identity: z.string().describe("The stable key that sessions and limits are bound to"),
    kind: z.enum(["person", "service"]),
    name: z.string().describe("The GitHub login, or what the service is called"),
    way: z.enum(["oauth", "service_token", "github_token", "google_id_token"]),
    client: z.string().describe("What the client calls itself"),
    scopes: z.array(z.string()),
    expiresAt: z.string().nullable().describe("When the credential ends; null if nobody knows"),
  }),
  annotations: PURE,
  async run(_input, { identity, credential: { way, scopes, client, expiresAt } }) {
    const end = expiresAt === undefined ? null : new Date(expiresAt * 1000).toISOString();
    const name = nameOf(identity);
    return {
      data: {
        identity: identityKey(identity),
        kind: identity.kind,
        name,
        way,
        client: client.name,
        scopes: [...scopes],
        expiresAt: end,
      },
      text: `${name} (${identityKey(identity)}) ${PROOFS[way]}. Scopes: ${scopes.join(" ")}. The credential ends: ${end ?? "not known"}.`,
    };
  },
});
