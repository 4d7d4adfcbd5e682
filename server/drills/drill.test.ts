/** The tools of the drills: a drill that sees nothing would hold every promise. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testScenario } from "../simulator/scenarios.ts";
import { failedBody, paidBody } from "./callback-body.ts";
import { after, toldBy } from "./callback-oracle.ts";
import { createDice } from "./dice.ts";
import { beginTally } from "./drill.ts";
import { drillNumber } from "./house.ts";
import { type Canaries, leaksIn, scanFolder } from "./leaks.ts";
import { stageUntilFelt } from "./staging.ts";

const canaries: Canaries = {
  phones: new Set(["254712345678"]),
  secrets: new Map([["passkey", "s3cr3t"]]),
};

describe("a report", () => {
  const options = { amount: 3, seed: 1, log: () => undefined };

  it("fails when less was done than was asked", () => {
    const tally = beginTally("short", options);
    tally.done(2);
    expect(tally.report().faults).toEqual(["only 2 of 3 were done; a run that does less fails"]);
  });

  it("holds when all was done and nothing broke", () => {
    const tally = beginTally("whole", options);
    tally.done(3);
    expect(tally.report()).toMatchObject({ done: 3, seed: 1, faults: [] });
  });
});

describe("a staged fault", () => {
  const options = { amount: 3, seed: 1, log: () => undefined };

  it("counts only where it took hold", async () => {
    const tally = beginTally("staged", options);
    await stageUntilFelt(tally, 3, async (turn) => (turn % 3 === 0 ? "felt" : "not felt"));
    expect(tally.report()).toMatchObject({ done: 3, faults: [] });
    expect(tally.report().figures).toEqual({ "took no hold, staged again": 6 });
  });

  it("that never takes hold breaks its drill instead of holding it", async () => {
    const tally = beginTally("unfelt", options);
    await stageUntilFelt(tally, 3, async () => "not felt");
    expect(tally.report().faults[0]).toMatch(/^only 0 of \d+ staged faults took hold; 3 were/);
  });
});

describe("the canary scan", () => {
  it.each([
    "254712345678",
    "tel:+254712345678.",
    "0712 345 678",
    "0712-345-678",
    "712345678",
    "cafe0712345678cafe",
    `${"ab".repeat(16)}254712345678`,
    "ws_CO_24112026010203004712345678",
    "12254712345678000",
    "the s3cr3t of the shop",
    `ct_${"0a".repeat(16)}_${"A".repeat(22)}`,
    `/daraja/callbacks/${"ab".repeat(16)}/${"cd".repeat(32)}`,
    `sk_test_${"k".repeat(24)}`,
  ])("finds %s", (text) => {
    expect(leaksIn(`before ${text} after`, canaries)).not.toEqual([]);
  });

  it.each([
    "254*****5678",
    "…5678",
    "2026-11-24T01:02:03.004Z",
    "ab".repeat(16),
    "254712345679",
    "1712345678",
    `${"a".repeat(12)}712345678${"b".repeat(11)}`,
    `${"a".repeat(40)}0712345678${"b".repeat(14)}`,
  ])("lets %s pass", (text) => {
    expect(leaksIn(text, canaries)).toEqual([]);
  });

  it("reads databases, also across the pieces it reads them in", () => {
    const folder = mkdtempSync(join(tmpdir(), "lipia-scan-"));
    try {
      const text = `${"x".repeat((1 << 20) - 5)}254712345678`;
      writeFileSync(join(folder, "lipia.db-wal"), text);
      expect(scanFolder(folder, canaries).leaks).toEqual(["lipia.db-wal: phone number"]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("the scan of a folder", () => {
  it("reads backups and whatever else lies there, but not the secret's own file", () => {
    const folder = mkdtempSync(join(tmpdir(), "lipia-scan-"));
    try {
      for (const name of ["backup.db", "notes", "lipia.secret"]) {
        writeFileSync(join(folder, name), "of 254712345678");
      }
      const { leaks } = scanFolder(folder, canaries);
      expect([...leaks].sort()).toEqual(["backup.db: phone number", "notes: phone number"]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("the oracle of callbacks", () => {
  const asked = {
    merchantRequestId: "m",
    checkoutRequestId: "ws_CO_1",
    amount: 20,
    phone: "254712345678",
  };
  const nobody = () => false;
  const read = (text: string) => toldBy(Buffer.from(text), asked, nobody);
  const paid = paidBody(asked, "UKO7A1B2C3");

  it("believes a success that fits in everything", () => {
    expect(read(paid)).toEqual({ kind: "paid", receipt: "UKO7A1B2C3" });
  });

  it.each([
    ["another amount", paid.replace('"Value":20}', '"Value":21}'), "mismatch"],
    ["another id", paid.replace("ws_CO_1", "ws_CO_2"), "mismatch"],
    ["a code in an array", paid.replace('"ResultCode":0', '"ResultCode":[0]'), "unreadable"],
    ["a code with a space", paid.replace('"ResultCode":0', '"ResultCode":"0 "'), "doubt"],
    [
      "a code named twice",
      paid.replace('"ResultCode":0', '"ResultCode":1,"ResultCode":0'),
      "unreadable",
    ],
    ["half a body", paid.slice(0, 100), "unreadable"],
    ["a cancel", failedBody(asked, 1032, "no"), "failed"],
  ])("%s is no payment", (_name, text, kind) => {
    expect(read(text).kind).toBe(kind);
  });

  it("knows a receipt that another attempt owns", () => {
    expect(toldBy(Buffer.from(paid), asked, () => true)).toEqual({ kind: "mismatch" });
  });

  it("never takes money back", () => {
    const confirmed = { state: "confirmed", receipt: "UKO7A1B2C3" } as const;
    expect(after(confirmed, { kind: "failed", code: "1032" })).toEqual(confirmed);
  });
});

describe("dice", () => {
  it("fall the same way for the same seed, and otherwise for another", () => {
    const draw = (seed: number) =>
      Array.from({ length: 8 }, createDice(seed).fork(3).int.bind(null, 1e6));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});

describe("the phones of a drill", () => {
  it("are all different and none of the test phones, which are shown in full", () => {
    const used: Canaries = { phones: new Set(), secrets: new Map() };
    for (let turn = 0; turn < 50_000; turn += 1) drillNumber(turn, used);
    expect(used.phones.size).toBe(50_000);
    expect([...used.phones].filter((phone) => testScenario(phone) !== null)).toEqual([]);
    expect([...used.phones].filter((phone) => !/^2547\d{8}$/.test(phone))).toEqual([]);
  });
});
