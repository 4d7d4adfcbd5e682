/** `npm test`: the whole gate; after the checks, the end-to-end tests in a real browser. */
import { findBrowser } from "./browser.mjs";
import { CHECKS } from "./check.mjs";
import { requireInstallation } from "./ready.mjs";
import { runPackaged } from "./run.mjs";
import { runSteps } from "./steps.mjs";

let browser = "";

requireInstallation();
await runSteps([
  ...CHECKS,
  {
    name: "A browser",
    otherwise: "The browser tests cannot run without one.",
    work: async () => {
      const found = await findBrowser();
      if (found.kind === "none") {
        console.error(found.advice);
        return false;
      }
      browser = found.path;
      console.log(`${found.path} (${found.from})`);
      return true;
    },
  },
  {
    name: "End-to-end tests",
    otherwise:
      "test-results/ holds a picture of each failure; npx playwright test FILE repeats one file.",
    work: async () => {
      const env = { CHROMIUM_PATH: browser };
      return (await runPackaged("@playwright/test/cli.js", ["test"], { env })).code === 0;
    },
  },
]);
console.log("\nThe whole gate passed.");
