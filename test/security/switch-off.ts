import type { Edit, Guard } from "./security-case.ts";

export function off(file: string, from: string, to: string): Edit {
  return { file, from, to };
}

/** Switches off what depends on a condition: it never holds again. */
export function never(file: string, condition: string): Guard {
  return [off(file, `if (${condition})`, `if (${condition} && Date.now() < 0)`)];
}
