/** A secret that was rotated away signs nothing for later, also where nobody wrote down when that was. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { systemIds } from "../ids.ts";
import type { FormerSecret } from "../secret.ts";
import { createTokens } from "../tokens.ts";
import type { Engine } from "./engine.ts";
import { datedFormer } from "./key-moments.ts";
import { sampleLine, samplePayment } from "./samples.ts";
import { createSeal } from "./seal.ts";
import { reseal, sealingState } from "./sealing.ts";
import { openSqlite } from "./sqlite.ts";
import { createStore } from "./store.ts";

const HOUR_MS = 3_600_000;
const [OLD, NEW, NEWER] = [randomBytes(32), randomBytes(32), randomBytes(32)] as const;
const undated = (...secrets: readonly Buffer[]): readonly FormerSecret[] =>
  secrets.map((secret) => ({ secret, retiredAt: null }));

let folder: string;
let engine: Engine;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "lipia-moments-"));
  engine = await openSqlite(join(folder, "lipia.db"));
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A server's start under a ring: what was under a former secret is brought under the current. */
async function start(current: Buffer, former: readonly FormerSecret[], at: number) {
  const seal = createSeal(current, former);
  if ((await sealingState(engine, seal)) === "rotating") await reseal(engine, seal);
  return datedFormer(engine, { current, former }, at);
}
const moments = (former: readonly FormerSecret[]) => former.map(({ retiredAt }) => retiredAt);

it("counts the first start under the new secret, not a later one", async () => {
  expect(await start(OLD, [], 1_000)).toEqual([]);
  expect(moments(await start(NEW, undated(OLD), 5_000))).toEqual([5_000]);
  expect(moments(await start(NEW, undated(OLD), 9_000))).toEqual([5_000]);
  expect(moments(await start(NEWER, undated(NEW, OLD), 12_000))).toEqual([12_000, 5_000]);
});

it("believes the ring where it says a moment", async () => {
  const former = [{ secret: NEW, retiredAt: 4_000 }, ...undated(OLD)];
  expect(moments(await start(NEWER, former, 5_000))).toEqual([4_000, 5_000]);
});

it("counts a secret that came back from its return", async () => {
  await start(OLD, [], 1_000);
  await start(NEW, undated(OLD), 2_000);
  await start(OLD, undated(NEW), 3_000);
  expect(moments(await start(NEW, undated(OLD), 4_000))).toEqual([4_000]);
  expect(moments(await start(NEW, undated(OLD), 5_000))).toEqual([4_000]);
});

it("makes a stolen secret worthless for what is opened after the rotation", async () => {
  const ids = systemIds();
  const [payment, attempt] = [ids.payment(), ids.attempt()];
  const stolen = createTokens(OLD);
  const path = stolen.callbackPath(attempt).split("/") as [string, string];
  const rotatedAt = async (at: number) => {
    const fresh = await openSqlite(join(folder, `${at}.db`));
    try {
      return createTokens(
        NEW,
        await datedFormer(fresh, { current: NEW, former: undated(OLD) }, at),
      );
    } finally {
      await fresh.close();
    }
  };
  const later = await rotatedAt(Date.now());
  expect(later.attemptOfPath(...path)).toBe(attempt);
  expect(later.paymentOfToken(stolen.checkoutToken(payment))).toBe(payment);
  const before = await rotatedAt(Date.now() - 2 * HOUR_MS);
  expect(before.attemptOfPath(...path)).toBeNull();
  expect(before.paymentOfToken(stolen.checkoutToken(payment))).toBeNull();
});

it("does not retire a secret before the newest payment, however far behind the clock is", async () => {
  const store = createStore(engine, createSeal(NEW, undated(OLD)));
  const merchant = samplePayment();
  await store.payments.open({ ...merchant, id: systemIds().payment() }, sampleLine());
  const opened = Date.now();
  const sixYears = 6 * 365 * 24 * HOUR_MS;
  const [retired] = moments(await start(NEW, undated(OLD), opened - sixYears));
  expect(retired).toBeGreaterThan(opened - HOUR_MS);
});
