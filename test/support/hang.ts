/**
 * Longer than anything takes that ends, on a busy machine too, in milliseconds; what the Worker
 * gives up by itself has ended long before. No test measures how fast this machine is.
 */
export const HANG_MS = 30_000;
