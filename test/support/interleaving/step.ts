import * as fc from "fast-check";

import { CHANNELS_EACH, LOGINS } from "./world.ts";

/** Something that one inhabitant does, or that happens to one of their channels. */
export type Step =
  | { readonly kind: "call" | "evict" | "end"; readonly who: number; readonly channel: number }
  | {
      readonly kind: "trespass";
      readonly who: number;
      /** Counted from the trespasser, so that it is never their own. */
      readonly neighbour: number;
      readonly channel: number;
      readonly how: "call" | "GET" | "DELETE";
    }
  | { readonly kind: "restart" };

/** Lanes run side by side, the steps of a lane one after the other. */
export type Interleaving = readonly (readonly Step[])[];

const who = fc.nat(LOGINS.length - 1);
/** The stateless channel comes last, and has no object. */
const withObject = fc.nat(CHANNELS_EACH - 2);

function step(): fc.Arbitrary<Step> {
  const call = fc.record({
    kind: fc.constant("call" as const),
    who,
    channel: fc.nat(CHANNELS_EACH - 1),
  });
  const trespass = fc.record({
    kind: fc.constant("trespass" as const),
    who,
    neighbour: fc.integer({ min: 1, max: LOGINS.length - 1 }),
    channel: withObject,
    how: fc.constantFrom("call" as const, "call" as const, "GET" as const, "DELETE" as const),
  });
  const happening = (kind: "evict" | "end") =>
    fc.record({ kind: fc.constant(kind), who, channel: withObject });
  return fc.oneof(
    { weight: 500, arbitrary: call },
    { weight: 300, arbitrary: trespass },
    { weight: 60, arbitrary: happening("evict") },
    { weight: 30, arbitrary: happening("end") },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: "restart" }) },
  );
}

/** Between 8 and 20 steps in 2 to 5 lanes. */
export function interleaving(): fc.Arbitrary<Interleaving> {
  return fc.integer({ min: 2, max: 5 }).chain((lanes) =>
    fc.array(
      fc.array(step(), {
        minLength: Math.ceil(8 / lanes),
        maxLength: Math.floor(20 / lanes),
      }),
      { minLength: lanes, maxLength: lanes, size: "max" },
    ),
  );
}
