/** The loader in a page of its own; real frames and origins are the browser tests' work (e2e). */
import { beforeEach, describe, expect, it, vi } from "vitest";
import type {} from "./embed.ts";
import type { LipiaDetail } from "./opening.ts";

const ORIGIN = "https://pay.example.co.ke";
const told: [name: string, detail: LipiaDetail][] = [];
const NAMES = ["ready", "open", "status", "confirmed", "unsuccessful", "indoubt", "close", "error"];
for (const name of NAMES) {
  document.addEventListener(`lipia:${name}`, (event) => {
    told.push([name, (event as CustomEvent<LipiaDetail>).detail]);
  });
}
// A frame that loads nothing: happy-dom would complain of each real one.
const makeElement = document.createElement.bind(document);
const frameWindow = new EventTarget();
vi.spyOn(document, "createElement").mockImplementation((name: string) =>
  name === "iframe"
    ? Object.assign(makeElement("x-frame"), { contentWindow: frameWindow, src: "" })
    : makeElement(name),
);
const frames = () => [...document.querySelectorAll<HTMLIFrameElement>("x-frame")];

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Runs the loader as the page's script tag would. */
async function embed(attributes: Record<string, string>): Promise<HTMLScriptElement> {
  const tag = document.createElement("script");
  tag.type = "text/plain";
  Object.assign(tag.dataset, attributes);
  document.body.append(tag);
  tag.setAttribute("src", `${ORIGIN}/lipia.js`);
  Object.defineProperty(document, "currentScript", { value: tag, configurable: true });
  vi.resetModules();
  await import("./embed.ts");
  await settled();
  return tag;
}

/** What the frame would post. */
async function say(data: object, origin = ORIGIN): Promise<void> {
  window.dispatchEvent(
    new MessageEvent("message", { data, origin, source: frameWindow as Window }),
  );
  await settled();
}

const hint = { paymentId: "pay_1", status: "open", orderReference: "A1", verified: false };

beforeEach(() => {
  window.Lipia?.refresh();
  document.body.replaceChildren();
  window.Lipia?.refresh();
  told.length = 0;
  vi.spyOn(console, "error").mockImplementation(() => {});
});

describe("the script tag", () => {
  it("puts a real button after itself, with the label of the page's language", async () => {
    document.documentElement.lang = "sw";
    const tag = await embed({ token: "ct_abc" });
    const button = tag.nextElementSibling as HTMLButtonElement;
    expect([button.tagName, button.type, button.textContent]).toEqual([
      "BUTTON",
      "button",
      "Lipa kwa M-Pesa",
    ]);
    document.documentElement.lang = "en";
  });

  it("makes one button however often it is run", async () => {
    await embed({ token: "ct_abc", label: "Pay" });
    window.Lipia?.refresh();
    window.Lipia?.refresh();
    expect(document.querySelectorAll("button")).toHaveLength(1);
  });

  it("opens the frame inline with the shop's wishes in the fragment", async () => {
    await embed({ token: "ct_abc", mode: "inline", locale: "sw", accent: "#0a7d3e" });
    const [frame] = frames();
    const [address, fragment] = (frame?.src ?? "").split("#");
    expect(address).toBe(`${ORIGIN}/pay/ct_abc`);
    expect(Object.fromEntries(new URLSearchParams(fragment))).toMatchObject({
      mode: "inline",
      locale: "sw",
      accent: "#0a7d3e",
      origin: location.origin,
    });
    expect(frame?.title).toBe("Lipa kwa M-Pesa");
    expect(frame?.getAttribute("style")).not.toContain("fixed");
  });

  it.each([
    [{ mode: "inline" }, "bad_token"],
    [{ token: "sk_test_1" }, "bad_token"],
    [{ token: "ct_a/../b" }, "bad_token"],
    [{ key: "pk_test_1", order: "e30" }, "way_not_available"],
    [{ token: "ct_abc", mode: "redirect" }, "mode_not_available"],
    [{ token: "ct_abc", target: "#nowhere" }, "bad_target"],
  ])("says what is wrong with %o", async (attributes, code) => {
    await embed(attributes as Record<string, string>);
    expect(told.map(([name, detail]) => [name, detail.code])).toEqual([["error", code]]);
    expect(told[0]?.[1]).toMatchObject({
      verified: false,
      message: expect.stringContaining("data-"),
    });
    expect(document.querySelector("button, x-frame")).toBeNull();
  });
});

describe("a button of the shop's own", () => {
  it("opens the overlay, also when it was drawn later, unless the shop prevented it", async () => {
    await embed({});
    const button = document.createElement("button");
    Object.assign(button.dataset, { lipia: "", token: "ct_abc" });
    document.body.append(button);
    button.onclick = (event) => event.preventDefault();
    button.click();
    await settled();
    expect(document.querySelector("dialog")).toBeNull();
    button.onclick = null;
    button.click();
    button.click();
    await settled();
    expect(frames()).toHaveLength(1);
  });
});

describe("the talk with the frame", () => {
  it("hears only the exact origin and the very window", async () => {
    await embed({ token: "ct_abc", mode: "inline" });
    await say({ lipia: 1, type: "ready", hint }, "https://pay.example.co.ke.evil.example");
    window.dispatchEvent(
      new MessageEvent("message", {
        data: { lipia: 1, type: "ready", hint },
        origin: ORIGIN,
        source: window,
      }),
    );
    await settled();
    expect(told.map(([name]) => name)).toEqual(["open"]);
    await say({ lipia: 1, type: "ready", hint });
    expect(told.map(([name]) => name)).toEqual(["open", "ready"]);
  });

  it("passes on what happened, and asks every listener's handle", async () => {
    await embed({});
    const heard: unknown[] = [];
    const handle = window.Lipia?.open({ token: "ct_abc" });
    handle?.on("confirmed", (detail) => heard.push(detail.receipt));
    await settled();
    const paid = { ...hint, status: "confirmed", receipt: "UKN4X7QZ1P" };
    await say({ lipia: 1, type: "status", hint: paid, event: "confirmed" });
    await say({ lipia: 1, type: "close" });
    expect(told.map(([name]) => name)).toEqual(["open", "status", "confirmed", "close"]);
    expect(told.at(-1)?.[1]).toEqual({ ...paid, verified: false });
    expect(heard).toEqual(["UKN4X7QZ1P"]);
    expect(document.querySelector("dialog")).toBeNull();
  });

  it("goes to web addresses only", async () => {
    const went = vi.spyOn(location, "assign").mockImplementation(() => {});
    await embed({});
    for (const successUrl of ["javascript:alert(1)", "/thanks"]) {
      window.Lipia?.open({ token: "ct_abc", successUrl });
      await settled();
      await say({ lipia: 1, type: "leave", to: "success" });
    }
    expect(went.mock.calls).toEqual([["/thanks"]]);
  });

  it("is silent after destroy", async () => {
    await embed({});
    const handle = window.Lipia?.open({ token: "ct_abc" });
    handle?.on("open", () => told.push(["heard", { verified: false }]));
    handle?.destroy();
    await settled();
    expect(told).toEqual([]);
  });
});
