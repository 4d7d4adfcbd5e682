/** Prompt limits on both engines: Lipia's own until set, and no change is overwritten unseen. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_PROMPT_LIMITS } from "../../shared/prompt-limits.ts";
import type { MerchantId } from "../core/payment.ts";
import type { AuditEntry, Store } from "../ports.ts";
import { pgliteConnection } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";
import { createSeal } from "./seal.ts";
import { openSqlite } from "./sqlite.ts";
import { createStore } from "./store.ts";

const ID = "mer_limited" as MerchantId;
const STRICT = { ...DEFAULT_PROMPT_LIMITS, inTenMinutes: 2 };

describe.each(["sqlite", "postgres"] as const)("prompt limits on %s", (dialect) => {
  let folder: string;
  let store: Store;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lipia-limit-"));
    const engine =
      dialect === "sqlite"
        ? await openSqlite(join(folder, "lipia.db"))
        : await pgliteConnection().then(openPostgres);
    store = createStore(engine, createSeal(Buffer.alloc(32, 1)));
    const merchant = { id: ID, environment: "sandbox", name: "Shop", shortcode: "1" } as const;
    await store.merchants.ensureDefault({ ...merchant, allowedOrigins: [], pausedAt: null });
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const audit: AuditEntry = {
    at: 1,
    actor: "command",
    action: "limits_changed",
    target: ID,
    details: {},
  };

  it("are the defaults, then what was set, guarded by the version and told to the audit log", async () => {
    expect(await store.limits.limitsOf(ID)).toEqual({ version: 1, limits: DEFAULT_PROMPT_LIMITS });
    const before = (await store.audit.head()).number;
    const loose = { ...DEFAULT_PROMPT_LIMITS, inADay: 20 };
    const both = await Promise.all([
      store.limits.setLimits(ID, STRICT, 1, audit),
      store.limits.setLimits(ID, loose, 1, audit),
    ]);
    expect(both.filter((changed) => changed)).toHaveLength(1);
    const kept = await store.limits.limitsOf(ID);
    expect(kept).toEqual({ version: 2, limits: both[0] ? STRICT : loose });
    expect((await store.audit.head()).number).toBe(before + 1);
    expect(await store.limits.setLimits(ID, DEFAULT_PROMPT_LIMITS, 1, audit)).toBe(false);
    const nobody = "mer_nobody" as MerchantId;
    expect(await store.limits.setLimits(nobody, STRICT, 1, audit)).toBe(false);
  });

  it("are each merchant's own, also of one that was added", async () => {
    const id = "mer_added" as MerchantId;
    const numbers = { shortcode: "2", till: null, pull: "off", credentialsSealed: null } as const;
    const added = { ...audit, action: "merchant_added", target: id } as const;
    await store.merchants.add({ id, environment: "sandbox", name: "Kiosk", ...numbers }, added);
    const before = await store.limits.limitsOf(ID);
    expect(await store.limits.limitsOf(id)).toEqual({ version: 1, limits: DEFAULT_PROMPT_LIMITS });
    expect(await store.limits.setLimits(id, STRICT, 1, { ...audit, target: id })).toBe(true);
    expect(await store.limits.limitsOf(id)).toEqual({ version: 2, limits: STRICT });
    expect(await store.limits.limitsOf(ID)).toEqual(before);
  });
});
