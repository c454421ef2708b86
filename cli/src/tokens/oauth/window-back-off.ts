import { BridgeError } from "../../bridge-error.ts";
import type { SignInRecord } from "./sign-in-record.ts";

/** Between two windows, unless the first ended in tokens. */
const BACK_OFF_MS = 60_000;

/**
 * Milliseconds to wait before another window may open. A window whose process was ended frees those
 * who were waiting for it by then (`since`, milliseconds since 1970); who came later waits. Throws
 * `BridgeError` when the last sign-in failed a moment ago.
 */
export function pauseBefore(record: SignInRecord | undefined, since: number): number {
  const attempt = record?.attempt;
  if (!attempt) return 0;
  const left = attempt.at + BACK_OFF_MS - Date.now();
  if (left <= 0) return 0;
  if (attempt.failure !== undefined) {
    throw new BridgeError(`A sign-in to this server failed a moment ago: ${attempt.failure}`, {
      advice: `Start the client again in ${Math.ceil(left / 1000)} seconds to sign in.`,
    });
  }
  return attempt.at >= since ? 0 : left;
}
