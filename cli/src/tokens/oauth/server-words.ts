import { log } from "../../output/log.ts";

const MAX_LENGTH = 200;

/**
 * Quotes on stderr how an authorization server explains an error, for whoever looks into it: shortened,
 * and without what a terminal would act on. Errors and pages are in words of ours.
 */
export function tellWords(words: string | null | undefined): void {
  if (!words) return;
  const clean = words.replaceAll(/[\p{C}\s]+/gu, " ").slice(0, MAX_LENGTH);
  log("info", "The authorization server said", { words: `"${clean}"` });
}
