import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Every processor: by default one stays idle, which on a machine of two doubles the time. */
const WORKERS = "100%";
const DRILLS = "server/drills/**/*.test.ts";

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
