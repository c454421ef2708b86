import type { ToolErrorCode } from "../../errors.ts";

const WORDS: Record<ToolErrorCode | "ok" | "crashed", string> = {
  ok: "Done",
  signed_out: "GitHub asks to sign in again",
  sso_required: "The organisation asks for single sign-on",
  forbidden: "GitHub did not allow it",
  not_found: "Not found",
  rate_limited: "Too many requests to GitHub",
  invalid_input: "The input was wrong",
  github_unavailable: "GitHub did not answer",
  server_unavailable: "Failed on this server",
  model_unavailable: "The image model did not answer",
  crashed: "Failed on this server",
};

const words = new Map<string, string>(Object.entries(WORDS));

/** How a tool call ended, for people. */
export function outcomeWords(outcome: string): string {
  return words.get(outcome) ?? "Failed";
}
