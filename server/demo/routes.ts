/**
 * The demo shop: a merchant's site in miniature. It prices the basket on the server, opens a
 * payment as `POST /v1/payments` would, and hands the page nothing but the checkout token.
 */
import { randomInt } from "node:crypto";
import express, { Router } from "express";
import { z } from "zod";
import { AMOUNT_MAX_KES } from "../../shared/api.ts";
import type { Locale } from "../../shared/words.ts";
import { fieldProblem, type Problem } from "../http/problem.ts";
import { type Answer, ok, parse, refuse, route } from "../http/route.ts";
import { PRODUCTS } from "./catalogue.ts";
import { type ShopAssets, shopPage } from "./shell.ts";

export interface DemoShop {
  /** Opens a payment; `amount` in whole shillings. */
  openPayment(input: {
    amount: number;
    orderReference: string;
    description?: string;
  }): Promise<{ readonly checkoutToken: string } | { readonly problem: Problem }>;
  readonly assets: ShopAssets;
}

/** A basket for a household, not for a warehouse. */
const QUANTITY_MAX = 20;
/** No I, L, O, U, 0 or 1: the reference is read aloud on the telephone. */
const REFERENCE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789";

const orderRequest = z.strictObject({
  items: z
    .array(
      z.strictObject({
        id: z.enum(PRODUCTS.map(({ id }) => id)),
        quantity: z.int().min(1).max(QUANTITY_MAX),
      }),
    )
    .min(1, "put something into the basket")
    .max(PRODUCTS.length, "name each product once"),
});

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

function newReference(): string {
  const letters = Array.from({ length: 6 }, () =>
    REFERENCE_LETTERS.charAt(randomInt(REFERENCE_LETTERS.length)),
  );
  return `DUKA-${letters.join("")}`;
}

function localeOf(wish: unknown, accepted: string | false): Locale {
  if (wish === "en" || wish === "sw") return wish;
  return accepted === "sw" ? "sw" : "en";
}

async function order(shop: DemoShop, body: unknown): Promise<Answer> {
  const wish = parse(orderRequest, body);
  if (!wish.ok) return refuse(wish.problem);
  const { items } = wish.value;
  if (new Set(items.map(({ id }) => id)).size < items.length)
    return refuse(fieldProblem("items", "items must name each product once"));
  const lines = items.flatMap(({ id, quantity }) =>
    PRODUCTS.filter((product) => product.id === id).map((product) => ({ product, quantity })),
  );
  const amount = lines.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0);
  if (amount > AMOUNT_MAX_KES)
    return refuse(fieldProblem("items", `the basket must cost at most KES ${AMOUNT_MAX_KES}`));
  const description = lines
    .map(({ product, quantity }) => `${quantity} × ${product.name.en}`)
    .join(", ");
  const orderReference = newReference();
  const opened = await shop.openPayment({ amount, orderReference, description });
  if ("problem" in opened) return opened;
  const { checkoutToken } = opened;
  return ok({ checkoutToken, amount, orderReference });
}

/** `GET /demo` (English or Swahili) and `POST /demo/orders`. */
export function demoRoutes(shop: DemoShop): Router {
  const router = Router();
  router.get("/demo", (req, res) => {
    const locale = localeOf(req.query.lang, req.acceptsLanguages("en", "sw"));
    res.set({
      "Content-Security-Policy": POLICY,
      "Cache-Control": "no-cache",
      Vary: "Accept-Language",
    });
    res.type("html").send(shopPage(locale, shop.assets));
  });
  router.post(
    "/demo/orders",
    express.json({ limit: "4kb" }),
    route((req) => order(shop, req.body)),
  );
  return router;
}
