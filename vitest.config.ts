import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Every processor: by default one stays idle, which on a machine of two doubles the time. */
const WORKERS = "100%";
const DRILLS = "server/drills/**/*.test.ts";
const CORE = ["shared/**/*.test.ts", "server/core/**/*.test.ts"];

/** The simulation takes as long as all others together: begun last, it would run on alone. */
class SimulationFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSimulation = ({ moduleId }: TestSpecification) => moduleId.includes("/simulation/");
    return [...sorted.filter(isSimulation), ...sorted.filter((file) => !isSimulation(file))];
  }
}

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    sequence: { sequencer: SimulationFirst },
    coverage: {
      // The core decides about money: what no test of it ever took is a decision nobody looked at.
      provider: "v8",
      include: ["server/core/**/*.ts"],
      exclude: ["**/*.test.ts", "**/*.test-support.ts", "server/core/machine-doc.ts"],
      reporter: [["text", { skipFull: true }]],
      thresholds: { branches: 100 },
    },
    projects: [
      {
        // A project of its own, since its branches are counted and all others run without that cost.
        extends: true,
        test: {
          name: "core",
          environment: "node",
          include: CORE,
          maxWorkers: WORKERS,
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "server",
          environment: "node",
          include: ["server/**/*.test.ts", "e2e/**/*.test.ts", "tools/**/*.test.ts"],
          exclude: [DRILLS, ...CORE],
          maxWorkers: WORKERS,
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Drills stage faults and keep processors busy: when the other tests are done, and beside each
        // other those that wait for the disk and those that do not.
        extends: true,
        test: {
          name: "drills",
          environment: "node",
          include: [DRILLS],
          maxWorkers: 2,
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
