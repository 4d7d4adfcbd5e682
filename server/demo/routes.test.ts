import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoRoutes } from "./routes.ts";

interface Opened {
  readonly amount: number;
  readonly orderReference: string;
  readonly description?: string;
}

const opened: Opened[] = [];
const app = express().use(
  demoRoutes({
    openPayment: async (input) => {
      opened.push(input);
      return { checkoutToken: "ct_demo" };
    },
    assets: { script: "/assets/pages/demo.js", styles: ["/assets/pages/demo.css"] },
  }),
);
let base = "";
const server = app.listen(0, "127.0.0.1");

beforeAll(async () => {
  if (!server.listening) await new Promise((resolve) => server.once("listening", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

const order = (body: unknown): Promise<Response> =>
  fetch(`${base}/demo/orders`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

describe("the demo shop", () => {
  it("prices the basket on the server and opens one payment for it", async () => {
    const items = [
      { id: "coffee", quantity: 2 },
      { id: "postcard", quantity: 1 },
    ];
    const response = await order({ items });
    expect(response.status).toBe(200);
    const answer = (await response.json()) as Opened & { checkoutToken: string };
    expect(answer).toMatchObject({ amount: 1_750, checkoutToken: "ct_demo" });
    expect(opened.at(-1)).toEqual({
      amount: 1_750,
      orderReference: answer.orderReference,
      description: "2 × Nyeri coffee, 1 × Postcard",
    });
  });

  it.each([
    ["an empty basket", { items: [] }],
    ["a price of the page's own", { items: [{ id: "coffee", quantity: 1, price: 1 }] }],
    ["half a coffee", { items: [{ id: "coffee", quantity: 0.5 }] }],
    ["something it does not sell", { items: [{ id: "car", quantity: 1 }] }],
    ["the same product twice", { items: Array(2).fill({ id: "coffee", quantity: 1 }) }],
  ])("refuses %s with 422 and opens nothing", async (_what, body) => {
    const before = opened.length;
    const response = await order(body);
    expect(response.status).toBe(422);
    expect(opened).toHaveLength(before);
  });

  it("serves English or Swahili without inline script or style", async () => {
    const english = await fetch(`${base}/demo`, { headers: { "Accept-Language": "en-KE" } });
    const swahili = await fetch(`${base}/demo`, { headers: { "Accept-Language": "sw,en;q=0.5" } });
    const chosen = await fetch(`${base}/demo?lang=sw`, { headers: { "Accept-Language": "en" } });
    const html = await english.text();
    expect(html).toContain('<html lang="en">');
    expect(await swahili.text()).toContain('<html lang="sw">');
    expect(await chosen.text()).toContain("Kikapu chako");
    expect(html).not.toMatch(/ style=| on\w+=|<style|<script(?! (src|type="module" src)=)/);
    expect(english.headers.get("content-security-policy")).not.toContain("unsafe");
  });
});
