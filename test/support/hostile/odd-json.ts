import * as fc from "fast-check";

import { oddText } from "./odd-text.ts";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

function oddValue(): fc.Arbitrary<Json> {
  return fc.oneof(
    fc.constantFrom<Json>(null, true, 0, -1, 1.5, 1e308, 2 ** 53, [], {}, [[]], [null]),
    oddText(),
    fc.constantFrom<Json>({ toString: 1 }, { length: -1 }, { $ref: "#" }),
    fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
  );
}

/** One change at one place: the place is found by walking down as the steps say. */
interface Mutation {
  readonly steps: readonly number[];
  readonly change: "replace" | "remove" | "add" | "wrap" | "double";
  readonly value: Json;
  readonly name: string;
}

function mutation(): fc.Arbitrary<Mutation> {
  return fc.record({
    steps: fc.array(fc.nat(7), { minLength: 1, maxLength: 4 }),
    change: fc.constantFrom("replace", "replace", "replace", "remove", "add", "wrap", "double"),
    value: oddValue(),
    name: fc.oneof(
      fc.constantFrom("__proto__", "id", "_meta", "progressToken", "method", "result", "error"),
      oddText(),
    ),
  });
}

function changed(value: Json, { change, value: other, name }: Mutation): Json | undefined {
  if (change === "remove") return undefined;
  if (change === "wrap") return [value];
  if (change === "double") return [value, value];
  if (change === "replace" || typeof value !== "object" || value === null) return other;
  if (Array.isArray(value)) return [...value, other];
  return Object.fromEntries([...Object.entries(value), [name, other]]);
}

function mutated(value: Json, mutation: Mutation, depth = 0): Json | undefined {
  const step = mutation.steps[depth];
  if (step === undefined || typeof value !== "object" || value === null) {
    return changed(value, mutation);
  }
  const entries = Object.entries<Json>(value);
  const chosen = entries[step % (entries.length + 1)];
  // One number past the members stands for the whole.
  if (!chosen) return changed(value, mutation);
  const next = entries.flatMap(([name, member]): [string, Json][] => {
    if (name !== chosen[0]) return [[name, member]];
    const result = mutated(member, mutation, depth + 1);
    return result === undefined ? [] : [[name, result]];
  });
  return Array.isArray(value) ? next.map(([, member]) => member) : Object.fromEntries(next);
}

/** A valid message with up to three things wrong in it. */
export function mutatedFrom(valid: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return fc
    .tuple(valid, fc.array(mutation(), { maxLength: 3 }))
    .map(([value, mutations]) =>
      mutations.reduce<Json>((result, next) => mutated(result, next) ?? null, value),
    );
}
