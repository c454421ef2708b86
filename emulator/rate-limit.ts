const WINDOW_SECONDS = 3600;

/**
 * GitHub's counters, as headers. The limit is never enforced, so that a benchmark may go past it;
 * the fault "rate-limit" is for programs that want to meet it.
 */
export function rateLimits() {
  const windows = new Map<string, { used: number; reset: number }>();
  return {
    headers(caller: string, limit: number): Record<string, string> {
      const now = Math.floor(Date.now() / 1000);
      let window = windows.get(caller);
      if (!window || window.reset <= now) window = { used: 0, reset: now + WINDOW_SECONDS };
      window.used++;
      windows.set(caller, window);
      return {
        "x-ratelimit-limit": String(limit),
        "x-ratelimit-remaining": String(Math.max(1, limit - window.used)),
        "x-ratelimit-used": String(window.used),
        "x-ratelimit-reset": String(window.reset),
        "x-ratelimit-resource": "core",
      };
    },
    reset: () => windows.clear(),
  };
}
