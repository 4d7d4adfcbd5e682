/** Runs one of our built programs in this very process, so that signals and exit codes are its own. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildStale } from "./build.mjs";
import { loadDotEnv, requireInstallation } from "./ready.mjs";
import { root, stop } from "./run.mjs";

/**
 * Builds what is stale, reads `.env` and hands over to the program, which finds its own arguments
 * in process.argv.
 * @param {string} program inside dist, such as "programs/main.js"
 * @param {{ parts?: readonly string[] }} [options] the parts it needs; all by default
 */
export async function runBuilt(program, options = {}) {
  requireInstallation();
  await buildStale({ only: options.parts }).catch((error) => stop(error.message));
  loadDotEnv();
  const file = join(root, "dist", program);
  if (!existsSync(file)) stop(`The build has no ${program}; run: npm run build`);
  await import(pathToFileURL(file).href);
}
