/**
 * Finds a browser for the end-to-end tests, in the order of contract §1: CHROMIUM_PATH, a system
 * Chromium or Chrome, Playwright's own, else one that is installed now. What it answers has been
 * launched; a test run without a browser is an error, never a skip.
 */
import { realMachine } from "./browser-machine.mjs";

/**
 * What the search asks of the machine it runs on; tests give it another one.
 * @typedef {object} Machine
 * @property {string | undefined} wanted the value of CHROMIUM_PATH
 * @property {() => readonly string[]} systemBrowsers paths of Chromium or Chrome that exist, best first
 * @property {() => string | null} ownBrowser path of Playwright's own Chromium, if it is there
 * @property {(path: string) => Promise<string | null>} launch null, or why it does not start
 * @property {() => Promise<boolean>} download Playwright's download; whether it went well
 * @property {() => string | null} packageInstall the command of the system's package manager, if this
 *   person may use one
 * @property {(command: string) => Promise<boolean>} mayInstall CI is set, or the person agrees
 * @property {(command: string) => Promise<boolean>} install runs that command; whether it went well
 */

/**
 * @typedef {{ kind: "found", path: string, from: "CHROMIUM_PATH" | "system" | "playwright" | "installed" }
 *   | { kind: "none", advice: string }} Found
 */

/** @param {Machine} [machine] @returns {Promise<Found>} */
export async function findBrowser(machine = realMachine()) {
  if (machine.wanted) {
    const trouble = await machine.launch(machine.wanted);
    if (trouble === null) return { kind: "found", path: machine.wanted, from: "CHROMIUM_PATH" };
    return none(`CHROMIUM_PATH names ${machine.wanted}, which does not start: ${trouble}`, []);
  }
  /** @type {string[]} */
  const troubles = [];
  return (
    (await firstThatStarts(machine, machine.systemBrowsers(), "system", troubles)) ??
    (await firstThatStarts(machine, own(machine), "playwright", troubles)) ??
    (await downloaded(machine, troubles)) ??
    (await packaged(machine, troubles)) ??
    none("There is no Chromium or Chrome that starts here, and none could be installed.", troubles)
  );
}

/**
 * @param {Machine} machine
 * @param {readonly string[]} paths
 * @param {"system" | "playwright" | "installed"} from
 * @param {string[]} troubles grows by each browser that does not start
 * @returns {Promise<Found | null>}
 */
async function firstThatStarts(machine, paths, from, troubles) {
  for (const path of paths) {
    const trouble = await machine.launch(path);
    if (trouble === null) return { kind: "found", path, from };
    troubles.push(`${path} does not start: ${trouble}`);
  }
  return null;
}

/** @param {Machine} machine */
function own(machine) {
  const path = machine.ownBrowser();
  return path === null ? [] : [path];
}

/** @param {Machine} machine @param {string[]} troubles */
async function downloaded(machine, troubles) {
  if (await machine.download()) {
    return firstThatStarts(machine, own(machine), "installed", troubles);
  }
  troubles.push("Playwright could not download its Chromium.");
  return null;
}

/** @param {Machine} machine @param {string[]} troubles */
async function packaged(machine, troubles) {
  const command = machine.packageInstall();
  if (command === null || !(await machine.mayInstall(command))) return null;
  if (!(await machine.install(command))) {
    troubles.push(`This failed: ${command}`);
    return null;
  }
  // The packages a system Chromium pulls in may also be what Playwright's own one lacked.
  const paths = [...machine.systemBrowsers(), ...own(machine)];
  return firstThatStarts(machine, paths, "installed", troubles);
}

/** @param {string} sentence @param {readonly string[]} troubles @returns {Found} */
function none(sentence, troubles) {
  const advice = [
    sentence,
    ...troubles.map((trouble) => `  - ${trouble}`),
    "Install Chromium or Chrome (Debian: apt-get install chromium; any system: npx playwright install --with-deps chromium),",
    "or set CHROMIUM_PATH to one, then run npm test again.",
  ];
  return { kind: "none", advice: advice.join("\n") };
}
