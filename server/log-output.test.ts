/** A log that cannot be written: the server goes on without it, and still ends when it is asked to. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually, freePort } from "./app.test-support.ts";
import { createLog } from "./log.ts";
import { steadyErrorOutput } from "./log-output.ts";
import { packageRoot } from "./package-root.ts";

function fault(code: string): Error {
  return Object.assign(new Error(`${code}: it cannot be written`), { code });
}

/** An output that does as it is told, one word a call, and takes everything when told no more. */
function output(...turns: (number | string)[]) {
  let text = "";
  let calls = 0;
  const write = (bytes: Uint8Array, offset: number) => {
    calls += 1;
    const turn = turns.shift() ?? bytes.length;
    if (typeof turn === "string") throw fault(turn);
    const taken = bytes.subarray(offset, offset + turn);
    text += Buffer.from(taken).toString();
    return taken.length;
  };
  const destination = steadyErrorOutput(write);
  return {
    say: (line: string) => destination.write(`${line}\n`),
    text: () => text,
    calls: () => calls,
    stick: () => turns.push(...Array.from({ length: 1_000 }, () => "EAGAIN")),
    free: () => turns.splice(0),
  };
}

describe("a line", () => {
  test("that is taken in parts comes out whole", () => {
    const out = output(3, 1, 0, 4);
    out.say("all of this line");
    expect(out.text()).toBe("all of this line\n");
  });

  test("waits for room, and goes on where it was interrupted", () => {
    const out = output("EAGAIN", 2, "EINTR", "EAGAIN");
    out.say("slow reader");
    expect(out.text()).toBe("slow reader\n");
  });

  test.each(["ENOSPC", "EIO", "EPIPE", "EBADF"])(
    "that meets %s is dropped, the next one is not",
    (code) => {
      const out = output(code);
      expect(() => out.say("lost")).not.toThrow();
      out.say("kept");
      expect(out.text()).toBe("kept\n");
    },
  );

  test("that was cut does not swallow the next", () => {
    const out = output(4, "ENOSPC", "ENOSPC");
    for (const line of ["half a line", "lost", "whole"]) out.say(line);
    expect(out.text()).toBe("half\nwhole\n");
  });

  test("after one that found no room does not wait again until the reader goes on", () => {
    const out = output();
    out.stick();
    out.say("waits in vain");
    const waited = out.calls();
    expect(waited).toBeLessThan(50);
    out.say("does not wait");
    expect(out.calls()).toBe(waited + 1);
    out.free();
    out.say("there is room");
    out.stick();
    out.say("waits again");
    expect(out.calls()).toBe(waited + 2 + waited);
    expect(out.text()).toBe("there is room\n");
  });
});

test("a log over it never throws", () => {
  const log = createLog(
    "info",
    steadyErrorOutput(() => {
      throw fault("EIO");
    }),
  );
  expect(() => log.error("fault", { error: "unheard" })).not.toThrow();
});

describe("a server whose log", () => {
  let folder: string;
  let child: ChildProcess | null = null;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lipia-unheard-"));
  });
  afterEach(() => {
    child?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  async function answersAndEnds(stderr: number | "pipe"): Promise<void> {
    const port = await freePort();
    const program = join(packageRoot(), "server", "main.ts");
    const server = spawn(process.execPath, ["--import", "tsx", program], {
      cwd: packageRoot(),
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        DATABASE_URL: `file:${join(folder, "lipia.db")}`,
      },
      stdio: ["ignore", "ignore", stderr],
    });
    child = server;
    // From here on its writes fail with EPIPE.
    server.stderr?.destroy();
    const ended = once(server, "exit");
    const status = (path: string) =>
      fetch(`http://127.0.0.1:${port}${path}`).then(
        (answer) => answer.status,
        () => null,
      );
    await eventually(
      () => status("/readyz"),
      (got) => got === 200,
      60_000,
    );
    // Each of these is a line of the log.
    for (let i = 0; i < 20; i += 1) expect(await status("/v1/payments")).toBe(401);
    server.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  }

  test("is read by nobody answers, and ends on SIGTERM", () => answersAndEnds("pipe"), 90_000);

  /** A disk without room; where the system has no such device, a log closed to writing fails alike. */
  test("meets a full disk answers, and ends on SIGTERM", async () => {
    const full = "/dev/full";
    const [device, mode] = existsSync(full)
      ? [full, "w"]
      : [join(packageRoot(), "package.json"), "r"];
    const stderr = openSync(device, mode);
    try {
      await answersAndEnds(stderr);
    } finally {
      closeSync(stderr);
    }
  }, 90_000);
});
