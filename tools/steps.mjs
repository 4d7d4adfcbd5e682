/** The gate as a list of steps: run in order, each with a heading and its time; the first failure ends it. */
import { secondsSince, stop } from "./run.mjs";

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {() => Promise<boolean>} work whether it went well; it shows its own output
 * @property {string} otherwise what to say and do when it did not
 */

/** @param {readonly Step[]} steps */
export async function runSteps(steps) {
  for (const step of steps) {
    console.log(`\n── ${step.name} ──`);
    const startMs = performance.now();
    const well = await step.work();
    if (!well) stop(`\n${step.name} failed after ${secondsSince(startMs)}. ${step.otherwise}`);
    console.log(`${step.name}: fine, ${secondsSince(startMs)}`);
  }
}
