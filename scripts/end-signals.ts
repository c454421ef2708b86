const SAME_KEYPRESS_MS = 500;
const FORCED = 130;

/** Aborts when somebody asks this process to end. Asking again does not wait for a clean end. */
export function endSignal(): AbortSignal {
  const ending = new AbortController();
  let askedAt = 0;
  const ask = () => {
    // One Ctrl-C can come from the terminal and from npm as well.
    if (ending.signal.aborted && Date.now() - askedAt > SAME_KEYPRESS_MS) process.exit(FORCED);
    if (ending.signal.aborted) return;
    askedAt = Date.now();
    ending.abort();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, ask);
  // The parent is gone, so nobody is left to send a signal.
  process.once("disconnect", ask);
  return ending.signal;
}
