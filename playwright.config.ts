import { defineConfig } from "@playwright/test";
import { BROWSER_ARGS } from "./tools/browser-args.mjs";

/** tools/test.mjs finds the browser and names it here; alone, Playwright uses its own. */
const executablePath = process.env.CHROMIUM_PATH;

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.e2e.ts",
  /** The README's pictures are made on demand, so that a run of the gate leaves the tree clean. */
  testIgnore: process.env.SCREENSHOTS === "1" ? [] : ["**/screenshots.e2e.ts"],
  outputDir: "test-results",
  workers: 2,
  /** A test that passes at the second try has found something: no second try. */
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    launchOptions: { executablePath, args: BROWSER_ARGS },
    locale: "en-KE",
    timezoneId: "Africa/Nairobi",
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    screenshot: "only-on-failure",
  },
});
