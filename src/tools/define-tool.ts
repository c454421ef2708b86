import type * as z from "zod";

import type { Caller } from "../auth/caller.ts";
import type { Identity } from "../auth/identity.ts";
import type { Scope } from "../auth/scopes.ts";
import type { GitHubClient } from "../github/client.ts";

/** All four hints are required: an undefined one is a silent gap for clients that filter by them. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  /** Whether the tool reaches things beyond this server. */
  readonly openWorldHint: boolean;
}

export const PURE: ToolAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

export const READS_GITHUB: ToolAnnotations = { ...PURE, openWorldHint: true };

/** Draws a picture from words. */
export interface ImageModel {
  draw(prompt: string, steps: number): Promise<{ data: string; mimeType: string }>;
}

/** What a tool may use while it runs: one caller, one call. */
export interface ToolContext {
  readonly identity: Identity;
  /** How the caller proved who they are, and what that allows until when. No secret is in it. */
  readonly credential: Pick<Caller, "way" | "scopes" | "expiresAt" | "client">;
  /** The GitHub that people of this server sign in on, such as github.com. */
  readonly githubHost: string;
  /**
   * Whether private repositories are out of bounds although the token itself could read them: the
   * person did not allow them, and GitHub does not know of it.
   */
  readonly publicOnly: boolean;
  /** A client under the caller's own GitHub token, or of this server's GitHub App. It fails with `ToolError` only. */
  github(): GitHubClient;
  /** Absent where no image model may be used by this caller. */
  readonly images: ImageModel | undefined;
}

/** A tool's answer: the same facts as data for programs and as text for models. */
export interface ToolAnswer<Data> {
  readonly data: Data;
  readonly text: string;
  readonly image?: { readonly data: string; readonly mimeType: string };
}

/** What the server can do, as data plus one verb. It knows no protocol and catches nothing. */
export interface Tool<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The scopes a caller needs; with fewer the call is refused before the tool runs. */
  readonly scopes: readonly Scope[];
  readonly input: Input;
  readonly output: Output;
  readonly annotations: ToolAnnotations;
  /** Only somebody with an account at GitHub has what this tool shows. */
  readonly peopleOnly?: true;
  /** Whether this caller sees the tool at all; by default everyone does. */
  isOffered?(context: Pick<ToolContext, "identity" | "images">): boolean;
  run(input: z.output<Input>, context: ToolContext): Promise<ToolAnswer<z.input<Output>>>;
}

/** Whether a tool asks GitHub anything. */
export function needsGitHub({ scopes }: Pick<Tool, "scopes">): boolean {
  return scopes.some((scope) => scope.startsWith("github:"));
}

/**
 * Infers a tool's types from its schemas.
 *
 * @example
 * ```ts
 * export const double = defineTool({
 *   name: "double",
 *   title: "Double a number",
 *   description: "Doubles a number.",
 *   scopes: ["mcp:tools"],
 *   input: z.object({ value: z.number().describe("What to double") }),
 *   output: z.object({ result: z.number() }),
 *   annotations: PURE,
 *   async run({ value }) {
 *     return { data: { result: value * 2 }, text: String(value * 2) };
 *   },
 * });
 * ```
 */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): Tool<Input, Output> {
  return tool;
}
