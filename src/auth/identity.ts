import * as z from "zod";

export const personSchema = z.object({
  kind: z.literal("person"),
  /** GitHub's numeric user id: logins are renamed and taken over, the id stays. */
  id: z.number().int().positive(),
  login: z.string(),
});

/** A program, or somebody who proved who they are elsewhere: no account at GitHub stands behind it. */
const serviceSchema = z.object({
  kind: z.literal("service"),
  /** What its issuer calls it and never gives to another, such as `google:<subject>`. */
  id: z.string(),
  /** How people know it. */
  name: z.string(),
});

export const identitySchema = z.discriminatedUnion("kind", [personSchema, serviceSchema]);

/** Somebody with an account at GitHub. */
export type Person = z.infer<typeof personSchema>;

/** Who calls, however they proved it. */
export type Identity = z.infer<typeof identitySchema>;

/** The stable name of an identity: sessions, limits and sealed values are bound to it. */
export function identityKey(identity: Identity): string {
  return `${identity.kind}:${identity.id}`;
}
