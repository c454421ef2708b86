const KEPT = 80;

/**
 * What went wrong, without what differs from time to time, so that failures can be counted by kind.
 * Numbers are left out but for statuses of HTTP, which say most.
 */
export function errorKind(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === "string") return code;
  const words = String(message ?? error).replace(/\d+/g, (digits) =>
    /^[1-5]\d\d$/.test(digits) ? digits : "#",
  );
  return words.length > KEPT ? `${words.slice(0, KEPT)}…` : words;
}
