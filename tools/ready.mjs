/** What must be true before anything of ours can start; each refusal says which command helps. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root, stop } from "./run.mjs";

const NODE_FLOOR = { major: 20, minor: 19 };

/** Stops with a sentence unless Node is new enough and the packages are installed and built. */
export function requireInstallation() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const newEnough =
    major > NODE_FLOOR.major || (major === NODE_FLOOR.major && minor >= NODE_FLOOR.minor);
  if (!newEnough) {
    stop(
      `Lipia needs Node ${NODE_FLOOR.major}.${NODE_FLOOR.minor} or newer; this is ${process.versions.node}. Get one at https://nodejs.org.`,
    );
  }
  for (const name of ["express", "typescript", "vite", "better-sqlite3"]) {
    if (!existsSync(join(root, "node_modules", name, "package.json"))) {
      stop(`The package ${name} is not installed; run: npm ci`);
    }
  }
  // npm can be told to skip install scripts, and then only the compiled half is missing.
  if (!existsSync(join(root, "node_modules/better-sqlite3/build/Release/better_sqlite3.node"))) {
    stop("better-sqlite3 lacks its native module; run: npm rebuild better-sqlite3");
  }
}

/** Reads `.env` beside package.json, if there is one; what the environment already says wins. */
export function loadDotEnv() {
  const file = join(root, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
}
