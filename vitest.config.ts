import { defineConfig } from "vitest/config";

/** Every processor: by default one stays idle, which on a machine of two doubles the time. */
const WORKERS = "100%";
const DRILLS = "server/drills/**/*.test.ts";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "server",
          environment: "node",
          include: [
            "shared/**/*.test.ts",
            "server/**/*.test.ts",
            "e2e/**/*.test.ts",
            "tools/**/*.test.ts",
          ],
          exclude: [DRILLS],
          maxWorkers: WORKERS,
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Drills measure and stage faults: alone, when the other tests are done.
        extends: true,
        test: {
          name: "drills",
          environment: "node",
          include: [DRILLS],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          testTimeout: 600_000,
        },
      },
      {
        extends: true,
        test: {
          name: "pages",
          environment: "happy-dom",
          maxWorkers: WORKERS,
          include: ["widget/**/*.test.{ts,tsx}", "dashboard/**/*.test.{ts,tsx}"],
        },
      },
    ],
  },
});
