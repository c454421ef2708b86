import type { Edit, Guard, TestReference } from "./security-case.ts";

const OAUTH_LIBRARY = "node_modules/@cloudflare/workers-oauth-provider/dist/oauth-provider.js";

/** An edit of a file below `src/`. */
export function inSource(file: string, from: string, to: string): Edit {
  return { file: `src/${file}`, from, to };
}

/** An edit of the OAuth library. */
export function inOAuthLibrary(from: string, to: string): Edit {
  return { file: OAUTH_LIBRARY, from, to };
}

/** A guard that one edit of the OAuth library switches off. */
export function libraryGuard(from: string, to: string): Guard {
  return [inOAuthLibrary(from, to)];
}

/** Tests of one file below `test/workers`, by parts of their names. */
export function provenBy(file: string, ...names: string[]): TestReference[] {
  return names.map((name) => ({ file: `workers/${file}`, name }));
}
