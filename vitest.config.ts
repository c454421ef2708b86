import { availableParallelism } from "node:os";

import { defineConfig } from "vitest/config";

const cores = availableParallelism();

/** Longer than anything that is polled for takes, with three test files on each core. */
const patience = { poll: { timeout: 30_000 } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          testTimeout: 30_000,
          maxWorkers: 3 * cores,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "workers",
          include: ["test/workers/**/*.test.ts"],
          globalSetup: "test/support/built-workers.ts",
          // A quarter of the time would go into loading wrangler anew for each file, which shares nothing.
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: patience,
          // Most of a test's time is waiting, for workerd or for a stream to end.
          maxWorkers: 3 * cores,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          // One row of each program; `CLIENTS=all` for all of them.
          name: "clients",
          include: ["test/clients/**/*.test.ts"],
          globalSetup: "test/support/built-workers.ts",
          testTimeout: 90_000,
          hookTimeout: 120_000,
          expect: patience,
          maxWorkers: Math.max(2, cores - 1),
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          exclude: ["test/e2e/bridge-*.test.ts"],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          expect: patience,
          // Whole processes start and end here, and a browser: they need the machine to themselves.
          maxWorkers: Math.max(2, cores - 1),
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "bridge",
          include: ["test/e2e/bridge-*.test.ts"],
          globalSetup: "test/support/built-bridge.ts",
          testTimeout: 90_000,
          hookTimeout: 120_000,
          expect: patience,
          // Small processes, half of whose time is waiting for each other.
          maxWorkers: 2 * cores,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
