import * as z from "zod";

const personSchema = z.object({
  kind: z.literal("person"),
  /** GitHub's numeric user id: logins are renamed and taken over, the id stays. */
  id: z.number().int().positive(),
  login: z.string(),
});

export const identitySchema = z.discriminatedUnion("kind", [personSchema]);

/** Who calls, however they proved it. */
export type Identity = z.infer<typeof identitySchema>;

/** The stable name of an identity: sessions, limits and sealed values are bound to it. */
export function identityKey(identity: Identity): string {
  return `${identity.kind}:${identity.id}`;
}
