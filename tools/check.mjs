/** `npm run check`: everything of the gate but the browser. */
import { pathToFileURL } from "node:url";
import { buildStale } from "./build.mjs";
import { requireInstallation } from "./ready.mjs";
import { runPackaged } from "./run.mjs";
import { runSteps } from "./steps.mjs";

/** @typedef {import("./steps.mjs").Step} Step */

/**
 * A step that runs scripts of packages one after the other until one fails.
 * @param {string} name
 * @param {readonly (readonly string[])[]} commands script inside node_modules and its arguments
 * @param {string} otherwise
 * @returns {Step}
 */
function commands(name, commands, otherwise) {
  return {
    name,
    otherwise,
    work: async () => {
      for (const [script = "", ...args] of commands) {
        if ((await runPackaged(script, args)).code !== 0) return false;
      }
      return true;
    },
  };
}

/** @type {Step} */
const build = {
  name: "Build",
  otherwise: "Mend what the compiler names; npm run build repeats this step.",
  work: async () => {
    try {
      await buildStale();
      return true;
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      return false;
    }
  },
};

/** @type {readonly Step[]} */
export const CHECKS = [
  commands(
    "Format and lint",
    [["@biomejs/biome/bin/biome", "ci", "--max-diagnostics=50"]],
    "npx biome check --write mends most of it.",
  ),
  commands(
    "Types",
    [
      ["typescript/bin/tsc", "-b"],
      ["typescript/bin/tsc", "-p", "tsconfig.tests.json"],
    ],
    "Mend the types named above.",
  ),
  build,
  commands(
    "Every branch of the core",
    [["vitest/vitest.mjs", "run", "--project", "core", "--coverage"]],
    "Test the branches named above, or remove what cannot be reached; npx vitest run --project core --coverage repeats this step.",
  ),
  commands(
    "Unit and contract tests",
    [["vitest/vitest.mjs", "run", "--project", "!core"]],
    "npx vitest run FILE repeats one file.",
  ),
  commands(
    "Unused code and packages",
    [["knip/bin/knip.js"]],
    "Remove what knip names, or use it.",
  ),
];

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  requireInstallation();
  await runSteps(CHECKS);
}
