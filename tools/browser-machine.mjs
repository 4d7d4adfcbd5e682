/** The machine that tools/browser.mjs really runs on: its files, processes and package managers. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { chromium } from "@playwright/test";
import { BROWSER_ARGS } from "./browser-args.mjs";
import { run, runPackaged } from "./run.mjs";

const LAUNCH_PATIENCE_MS = 30_000;
/** A person on a slow line may wait for 170 MB; a machine that tests had better try the next way. */
const DOWNLOAD_PATIENCE_MS = { person: 900_000, ci: 240_000 };
/** Playwright tries five times, so an address that never answers costs five of these. */
const CONNECTION_PATIENCE_MS = "10000";
const INSTALL_PATIENCE_MS = 600_000;

const COMMANDS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_PATHS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const WINDOWS_PATHS = [
  "Chromium\\Application\\chrome.exe",
  "Google\\Chrome\\Application\\chrome.exe",
];

/** Each is one shell line, since it is shown to the person as what will run. */
const PACKAGE_MANAGERS = [
  { command: "apt-get", line: "apt-get update && apt-get install -y chromium" },
  { command: "dnf", line: "dnf install -y chromium" },
  { command: "apk", line: "apk add --no-cache chromium" },
];

/** @returns {import("./browser.mjs").Machine} */
export function realMachine() {
  return {
    wanted: process.env.CHROMIUM_PATH,
    systemBrowsers,
    ownBrowser: () => (existsSync(ownPath()) ? ownPath() : null),
    launch,
    download,
    packageInstall,
    mayInstall,
    install: async (line) =>
      (
        await run("sh", ["-c", line], {
          env: { DEBIAN_FRONTEND: "noninteractive" },
          timeoutMs: INSTALL_PATIENCE_MS,
        })
      ).code === 0,
  };
}

function systemBrowsers() {
  const inPath = COMMANDS.map(which).filter((path) => path !== null);
  const programFolders = [
    process.env.PROGRAMFILES,
    process.env["PROGRAMFILES(X86)"],
    process.env.LOCALAPPDATA,
  ].filter((folder) => folder !== undefined);
  const inWindows = programFolders.flatMap((folder) =>
    WINDOWS_PATHS.map((path) => join(folder, path)),
  );
  return [...inPath, ...[...MAC_PATHS, ...inWindows].filter((path) => existsSync(path))];
}

/** The file a command would run, or null. @param {string} command */
function which(command) {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, command);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

function ownPath() {
  return chromium.executablePath();
}

/** Only a real launch tells: a package may be an empty stand-in, or lack its libraries. @param {string} path */
async function launch(path) {
  try {
    const browser = await chromium.launch({
      executablePath: path,
      args: [...BROWSER_ARGS],
      timeout: LAUNCH_PATIENCE_MS,
    });
    await browser.close();
    return null;
  } catch (error) {
    const lines = (error instanceof Error ? error.message : String(error)).split("\n");
    // Playwright's first line only says that it ended; a missing library is named further down.
    return (lines.find((line) => line.includes("shared libraries")) ?? lines[0] ?? "").trim();
  }
}

async function download() {
  const { code } = await runPackaged("@playwright/test/cli.js", ["install", "chromium"], {
    env: {
      PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT:
        process.env.PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT ?? CONNECTION_PATIENCE_MS,
    },
    timeoutMs: isCi() ? DOWNLOAD_PATIENCE_MS.ci : DOWNLOAD_PATIENCE_MS.person,
  });
  return code === 0;
}

function packageInstall() {
  const found = PACKAGE_MANAGERS.find(({ command }) => which(command) !== null);
  if (found === undefined) return null;
  if (process.getuid?.() === 0) return found.line;
  const mayBecomeRoot = spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0;
  return mayBecomeRoot ? `sudo -n sh -c '${found.line}'` : null;
}

/** @param {string} line */
async function mayInstall(line) {
  if (isCi()) return true;
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(`No browser was found. Run this?\n  ${line}\n[y/N] `);
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}

function isCi() {
  const value = process.env.CI ?? "";
  return value !== "" && value !== "false" && value !== "0";
}
