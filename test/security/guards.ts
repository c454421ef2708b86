import type { Edit, Guard, TestReference } from "./security-case.ts";

const OAUTH_LIBRARY = "node_modules/@cloudflare/workers-oauth-provider/dist/oauth-provider.js";

export function off(file: string, from: string, to: string): Edit {
  return { file, from, to };
}

/** Switches off what depends on a condition: it never holds again. */
export function never(file: string, condition: string): Guard {
  return [off(file, `if (${condition})`, `if (${condition} && Date.now() < 0)`)];
}

/** An edit of a file below `src/`. */
export function inSource(file: string, from: string, to: string): Edit {
  return off(`src/${file}`, from, to);
}

/** An edit of the OAuth library. */
export function inOAuthLibrary(from: string, to: string): Edit {
  return off(OAUTH_LIBRARY, from, to);
}

/** A guard that one edit of the OAuth library switches off. */
export function libraryGuard(from: string, to: string): Guard {
  return [inOAuthLibrary(from, to)];
}

/** Tests of one file below `test/workers`, by parts of their names. */
export function provenBy(file: string, ...names: string[]): TestReference[] {
  return names.map((name) => ({ file: `workers/${file}`, name }));
}
