// Preloaded into wrangler, which otherwise outlives a parent that was killed.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
