/**
 * `npm run dev`: the same server with reload. Vite rebuilds a bundle when its sources change, tsx
 * starts the server again when its sources or a bundle's manifest change.
 */
import { spawn } from "node:child_process";
import { buildStale, forgetParts } from "./build.mjs";
import { loadDotEnv, requireInstallation } from "./ready.mjs";
import { packaged, root, stop } from "./run.mjs";

const BUNDLES = ["loader", "checkout", "pages"];
/** How long the children get to end by themselves after Ctrl-C. */
const END_PATIENCE_MS = 8000;

requireInstallation();
await buildStale({ only: BUNDLES }).catch((error) => stop(error.message));
// From here on the watchers write dist/web, so the next build must not trust its notes.
await forgetParts(BUNDLES);
loadDotEnv();

const children = [
  ...BUNDLES.map((mode) =>
    start("vite/bin/vite.js", ["build", "--watch", "--mode", mode, "--logLevel", "warn"]),
  ),
  start("tsx/dist/cli.mjs", [
    "watch",
    "--clear-screen=false",
    "--include=dist/web/*/*.js*",
    "server/main.ts",
  ]),
];

let ending = false;
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => end(0));
}
for (const child of children) {
  // A watcher never ends by itself, so one that does has failed and has said why.
  child.on("exit", (code) => end(code ?? 1));
}

/** @param {string} script inside node_modules @param {readonly string[]} args */
function start(script, args) {
  // A group of its own keeps Ctrl-C from reaching a child twice: once from the terminal, once from us.
  const child = spawn(process.execPath, [packaged(script), ...args], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    detached: process.platform !== "win32",
  });
  child.on("error", (error) => stop(error.message));
  return child;
}

/** Ends the children, waits for them, and leaves with `code`. @param {number} code */
function end(code) {
  if (ending) return;
  ending = true;
  const running = () =>
    children.filter((child) => child.exitCode === null && child.signalCode === null);
  for (const child of running()) child.kill("SIGTERM");
  const deadline = performance.now() + END_PATIENCE_MS;
  const timer = setInterval(() => {
    const late = performance.now() > deadline;
    if (late) for (const child of running()) child.kill("SIGKILL");
    if (!late && running().length > 0) return;
    clearInterval(timer);
    process.exit(code);
  }, 50);
}
