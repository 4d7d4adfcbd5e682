import { describe, expect, it } from "vitest";
import { faintOn, inkOn, parseAccent } from "../../shared/accent.ts";
import type { CheckoutView } from "../../shared/api.ts";
import { pickLocale, wordsOf } from "./dictionary.ts";
import { nextLookMs } from "./follow.ts";
import { tellOf } from "./frame.ts";
import { laterWordsOf, noticeWords } from "./later-words.ts";
import { dress } from "./look.ts";
import { clock, groupPhone, kes } from "./text.ts";

const view = (patch: Partial<CheckoutView>): CheckoutView =>
  ({
    id: "pay_1",
    version: 1,
    status: "open",
    closed: false,
    orderReference: "SHOP-1",
    receipt: null,
    retryAt: null,
    expiresAt: "2030-01-01T00:00:00.000Z",
    ...patch,
  }) as CheckoutView;

describe("text", () => {
  it.each([
    ["0712345678", "0712 345 678"],
    ["07123", "0712 3"],
    ["0712 ", "0712"],
    ["712345678", "712 345 678"],
    ["+254712345678", "+254 712 345 678"],
    ["254110345678", "254 110 345 678"],
    ["my number", "my number"],
  ])("groups %s as %s", (typed, grouped) => {
    expect(groupPhone(typed)).toBe(grouped);
  });

  it("writes clocks and amounts", () => {
    expect([clock(75_300), clock(9_000), clock(-1)]).toEqual(["1:15", "0:09", "0:00"]);
    expect([clock(3_599_999), clock(7_265_000)]).toEqual(["59:59", "2:01:05"]);
    expect([kes(1), kes(1250), kes(250_000)]).toEqual(["KES 1", "KES 1,250", "KES 250,000"]);
  });
});

describe("accent", () => {
  it("takes hex only", () => {
    expect(["#0A7D3E", "0a7d3e", "#abc"].map(parseAccent)).toEqual([
      "#0a7d3e",
      "#0a7d3e",
      "#aabbcc",
    ]);
    expect(["red", "#12", "url(x)", "", null].map(parseAccent)).toEqual(Array(5).fill(null));
  });

  it("says on which card a button can hardly be seen", () => {
    expect(["#ffffff", "#000000", "#ffe14d", "#0a2e1c", "#08763a"].map(faintOn)).toEqual([
      ["light"],
      ["dark"],
      ["light"],
      ["dark"],
      [],
    ]);
  });

  it("puts an ink on every grey that reads at 4.5 to 1", () => {
    for (let level = 0; level < 256; level++) {
      const part = level / 255;
      const light = part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      const hex = `#${level.toString(16).padStart(2, "0").repeat(3)}`;
      const contrast = inkOn(hex) === "#fff" ? 1.05 / (light + 0.05) : (light + 0.05) / 0.05;
      expect(contrast).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe("dressing", () => {
  it("wears the colour of the shop's page, else the merchant's, with an ink that reads", () => {
    const { style } = document.documentElement;
    const worn = (wish: string | null, own: string | null) => {
      dress("light", wish, own);
      return [style.getPropertyValue("--accent"), style.getPropertyValue("--accent-ink")];
    };
    expect(worn("#abc", "#112233")).toEqual(["#aabbcc", "#000"]);
    expect(worn("red", "#112233")).toEqual(["#112233", "#fff"]);
    expect(worn(null, "#ffe14d")).toEqual(["#ffe14d", "#000"]);
  });
});

describe("the pace of looking", () => {
  const look = (patch: Partial<CheckoutView>, quietMs = 0, socket: "up" | "down" = "down") =>
    nextLookMs(view(patch), quietMs, socket, 0);

  it("is quick while the customer waits, slower with a socket and with time", () => {
    expect(look({ status: "pending" })).toBe(2_000);
    expect(look({ status: "pending" }, 0, "up")).toBe(10_000);
    expect(look({ status: "in_doubt" }, 400_000)).toBe(15_000);
  });

  it("rests when nothing can happen by itself", () => {
    expect(look({ status: "open" })).toBeNull();
    expect(look({ status: "confirmed" })).toBeNull();
    expect(look({ status: "cancelled", closed: true })).toBeNull();
  });

  it("waits a while for late money after a failure", () => {
    expect(look({ status: "failed" }, 1_000)).toBe(20_000);
    expect(look({ status: "failed" }, 700_000)).toBeNull();
  });

  it("backs off while the server is out of reach", () => {
    const delays = [1, 2, 3, 9].map((n) => nextLookMs(view({ status: "pending" }), 0, "down", n));
    expect(delays).toEqual([2_000, 4_000, 8_000, 15_000]);
  });
});

describe("what the shop's page is told", () => {
  it("is the first view, then changes only, never verified", () => {
    const open = view({});
    const paid = view({ status: "confirmed", receipt: "UKN4X7QZ1P" });
    expect(tellOf(null, open)).toMatchObject({ type: "ready", hint: { verified: false } });
    expect(tellOf(open, view({ version: 9 }))).toBeNull();
    expect(tellOf(open, paid)).toEqual({
      type: "status",
      event: "confirmed",
      hint: {
        paymentId: "pay_1",
        status: "confirmed",
        orderReference: "SHOP-1",
        receipt: "UKN4X7QZ1P",
        verified: false,
      },
    });
  });

  it("names the events of contract §6", () => {
    const named = (["cancelled", "failed", "in_doubt", "pending", "review"] as const).map(
      (status) => {
        const news = tellOf(view({}), view({ status }));
        return news?.type === "status" ? news.event : null;
      },
    );
    expect(named).toEqual(["unsuccessful", "unsuccessful", "indoubt", undefined, undefined]);
  });
});

describe("words", () => {
  it("exist in Swahili for every English one", () => {
    for (const words of [wordsOf, laterWordsOf]) {
      const english: Record<string, unknown> = { ...words("en") };
      const swahili: Record<string, unknown> = { ...words("sw") };
      expect(Object.keys(swahili)).toEqual(Object.keys(english));
      for (const [key, text] of Object.entries(english)) expect(swahili[key]).not.toEqual(text);
    }
  });

  it("follow the shop's wish, else the browser", () => {
    expect(pickLocale("sw", "en-KE")).toBe("sw");
    expect(pickLocale("auto", "sw-KE")).toBe("sw");
    expect(pickLocale(null, "fr")).toBe("en");
  });

  it("never invite to pay again what may be paid", () => {
    for (const refusal of ["order_already_paid", "payment_in_review"])
      expect(noticeWords({ refusal }, "en")).toContain("Do not pay again");
  });
});
