/** Child processes: run one to its end, with its output shown or kept for the case of failure. */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Where a package's own command lies, so that it starts under this very node without a shell.
 * @param {string} path inside node_modules
 */
export function packaged(path) {
  return join(root, "node_modules", path);
}

/**
 * Runs a command to its end. `output` says where its words go: "shown" as they come, "stderr" the
 * same but away from standard output, "kept" only in the answer. Never throws: a command that does
 * not exist or outlives `timeoutMs` (no limit by default) is a code other than 0.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ output?: "shown" | "stderr" | "kept", env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options]
 * @returns {Promise<{ code: number, text: string }>}
 */
export function run(command, args, options = {}) {
  const output = options.output ?? "shown";
  /** @type {Record<typeof output, import("node:child_process").StdioOptions>} */
  const stdio = {
    shown: "inherit",
    stderr: ["inherit", 2, 2],
    kept: ["ignore", "pipe", "pipe"],
  };
  return new Promise((resolve) => {
    let text = "";
    const child = spawn(command, args, {
      cwd: root,
      stdio: stdio[output],
      env: { ...process.env, ...options.env },
      timeout: options.timeoutMs,
    });
    const keep = (/** @type {Buffer} */ chunk) => {
      text += chunk.toString("utf8");
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.on("error", (error) => resolve({ code: 127, text: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, text }));
  });
}

/**
 * Runs a script of a package under this node.
 * @param {string} path inside node_modules
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export function runPackaged(path, args, options) {
  return run(process.execPath, [packaged(path), ...args], options);
}

/** Ends the process with one clear sentence. @param {string} sentence @returns {never} */
export function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/** Seconds since `startMs`, for a person. @param {number} startMs */
export function secondsSince(startMs) {
  return `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
}
