/** One sweeper at a time, on a real database: taking, renewing, giving back, and taking over. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSeal } from "../db/seal.ts";
import { openSqlite } from "../db/sqlite.ts";
import { createStore } from "../db/store.ts";
import type { Store } from "../ports.ts";
import { hasEnded } from "../process-name.ts";
import { LEASE_MS, SWEEPS, sweepLease } from "./lease.ts";
import { startWorker, type WorkerDeps } from "./worker.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };
let folder: string;
let store: Store;
let now = 0;
const clock = { now: () => now, elapsed: () => now, sleep: async () => undefined };
beforeEach(async () => {
  now = 1_000_000;
  folder = mkdtempSync(join(tmpdir(), "lipia-lease-"));
  store = createStore(await openSqlite(join(folder, "lipia.db")), createSeal(Buffer.alloc(32, 1)));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const lease = (holder: string, ended: (name: string) => boolean = () => false) =>
  sweepLease({ leases: store.leases, clock, log, holder, hasEnded: ended });

test("the first has it, the second waits until it is given back", async () => {
  const [one, two] = [lease("one"), lease("two")];
  expect([await one.mine(), await two.mine()]).toEqual([true, false]);
  await one.drop();
  expect(await one.mine()).toBe(false);
  now += 5_000;
  expect(await two.mine()).toBe(true);
});

test("a holder that renews keeps it, one that falls silent loses it after 15 s", async () => {
  const [one, two] = [lease("one"), lease("two")];
  for (let turn = 0; turn < 10; turn += 1, now += 5_000) {
    expect([await one.mine(), await two.mine()]).toEqual([true, false]);
  }
  now += LEASE_MS;
  expect([await two.mine(), await one.mine()]).toEqual([true, false]);
});

test("a holder that surely has ended is not waited for", async () => {
  await lease("dead").mine();
  expect(await lease("next", (name) => name === "dead").mine()).toBe(true);
});

test("while nothing can be written nothing is swept", async () => {
  const one = lease("one");
  await store.close();
  expect(await one.mine()).toBe(false);
});

test("that cannot be given back runs out by itself, and the log says so", async () => {
  const warned: string[] = [];
  const drop = async () => {
    throw new Error("disk is full");
  };
  const one = sweepLease({
    ...{ clock, holder: "one", hasEnded: () => false },
    leases: { ...store.leases, drop },
    log: { ...log, warn: (event: string) => void warned.push(event) },
  });
  expect(await one.mine()).toBe(true);
  await one.drop();
  expect(warned).toEqual(["lease_not_given_back"]);
  expect(await one.mine()).toBe(false);
  now += LEASE_MS;
  expect(await lease("two").mine()).toBe(true);
});

test("a process of this machine is known to have ended, others are not", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await once(child, "spawn");
  const name = `${hostname()}#${child.pid}#run_1`;
  expect(hasEnded(name)).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(hasEnded(name)).toBe(true);
  expect(hasEnded(`elsewhere.${name}`)).toBe(false);
  for (const odd of ["", "#", `${hostname()}#x#y`, `${hostname()}#0#y`, `${hostname()}#-1#y`]) {
    expect(hasEnded(odd)).toBe(false);
  }
});

test("the worker rests while another holds the lease, and gives it back when it stops", async () => {
  let passes = 0;
  const payments = {
    ...store.payments,
    due: async () => {
      passes += 1;
      return [];
    },
  };
  const real = {
    now: Date.now,
    elapsed: Date.now,
    sleep: (ms: number) => new Promise<void>((r) => setTimeout(r, ms / 50)),
  };
  const deps = { ...store, payments, clock: real, log, sending: new Set(), beside: [] };
  const keeper = (holder: string) =>
    sweepLease({ leases: store.leases, clock: real, log, holder, hasEnded: () => false });
  await store.leases.take(SWEEPS, "another", Date.now(), Date.now() + LEASE_MS);
  const resting = startWorker({ ...deps, lease: keeper("me") } as unknown as WorkerDeps);
  await real.sleep(5_000);
  await resting.stop();
  expect(passes).toBe(0);
  expect(await store.leases.holder(SWEEPS, Date.now())).toBe("another");
  await store.leases.drop(SWEEPS, "another");
  const working = startWorker({ ...deps, lease: keeper("me") } as unknown as WorkerDeps);
  await expect.poll(() => passes).toBeGreaterThan(0);
  await working.stop();
  expect(await store.leases.holder(SWEEPS, Date.now())).toBeNull();
});
