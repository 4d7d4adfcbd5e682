/**
 * The callback as tutorials write it: Express, helmet, zod, drizzle over better-sqlite3; find the
 * row, update it, keep the raw body; one FULL transaction each. It checks no sender, proves no
 * amount and tells nobody.
 */
import { createServer } from "node:http";
import { join } from "node:path";
import Database from "better-sqlite3";
import { eq } from "drizzle-orm";
import { type BetterSQLite3Database, drizzle } from "drizzle-orm/better-sqlite3";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import express, { type RequestHandler } from "express";
import helmet from "helmet";
import { z } from "zod";
import type { Endpoint, EndpointOptions } from "./endpoint.ts";
import { listen, unlisten } from "./listen.ts";
import { missingFrom } from "./missing.ts";
import { type PaidPrompt, paidPost, paidPrompts } from "./posts.ts";
import { take } from "./take.ts";

const PATH = "/api/mpesa/callback";

const payments = sqliteTable("payments", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  checkoutRequestId: text("checkout_request_id").notNull().unique(),
  phone: text("phone").notNull(),
  amount: integer("amount").notNull(),
  status: text("status").notNull(),
  receipt: text("receipt"),
  resultCode: integer("result_code"),
  updatedAt: integer("updated_at").notNull(),
});

const callbacks = sqliteTable("callbacks", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  paymentId: integer("payment_id").notNull(),
  body: text("body").notNull(),
  receivedAt: integer("received_at").notNull(),
});

const SCHEMA = `
  create table payments (
    id integer primary key autoincrement, checkout_request_id text not null unique,
    phone text not null, amount integer not null, status text not null, receipt text,
    result_code integer, updated_at integer not null);
  create table callbacks (
    id integer primary key autoincrement, payment_id integer not null, body text not null,
    received_at integer not null);`;

const callback = z.object({
  Body: z.object({
    stkCallback: z.object({
      MerchantRequestID: z.string(),
      CheckoutRequestID: z.string(),
      ResultCode: z.number(),
      ResultDesc: z.string(),
      CallbackMetadata: z
        .object({
          Item: z.array(
            z.object({ Name: z.string(), Value: z.union([z.string(), z.number()]).optional() }),
          ),
        })
        .optional(),
    }),
  }),
});

/** Starts it on a database of its own. */
export async function startTextbook({ folder, seed }: EndpointOptions): Promise<Endpoint> {
  const path = join(folder, "textbook.db");
  const client = new Database(path);
  client.pragma("journal_mode = WAL");
  client.exec(SCHEMA);
  client.pragma("synchronous = FULL");
  const db = drizzle(client);
  const app = express();
  app.use(helmet());
  app.use(express.json());
  app.post(PATH, takeCallback(db));
  const server = createServer(app);
  const prompts = paidPrompts(seed);
  return {
    port: await listen(server),
    watch: null,
    async prepare(count) {
      const fresh = take(prompts, count);
      db.transaction((tx) => {
        for (const prompt of fresh) tx.insert(payments).values(pendingRow(prompt)).run();
      });
      return fresh.map((prompt) => paidPost(prompt, PATH));
    },
    missing: async (receipts) =>
      missingFrom(path, receipts, "select receipt from payments where status = 'paid'"),
    async close() {
      await unlisten(server);
      client.close();
    },
  };
}

function takeCallback(db: BetterSQLite3Database): RequestHandler {
  return (req, res) => {
    const parsed = callback.safeParse(req.body);
    if (!parsed.success) {
      res.status(400).json({ error: "malformed callback" });
      return;
    }
    const { CheckoutRequestID, ResultCode, CallbackMetadata } = parsed.data.Body.stkCallback;
    const item = CallbackMetadata?.Item.find(({ Name }) => Name === "MpesaReceiptNumber");
    const found = db.transaction((tx) => {
      const row = tx
        .select()
        .from(payments)
        .where(eq(payments.checkoutRequestId, CheckoutRequestID))
        .get();
      if (row === undefined) return false;
      const at = Date.now();
      tx.update(payments)
        .set({
          status: ResultCode === 0 ? "paid" : "failed",
          receipt: item?.Value === undefined ? null : String(item.Value),
          resultCode: ResultCode,
          updatedAt: at,
        })
        .where(eq(payments.id, row.id))
        .run();
      tx.insert(callbacks)
        .values({ paymentId: row.id, body: JSON.stringify(req.body), receivedAt: at })
        .run();
      return true;
    });
    if (found) res.json({ ResultCode: 0, ResultDesc: "Success" });
    else res.status(404).json({ error: "unknown payment" });
  };
}

function pendingRow({ checkoutRequestId, phone, amount }: PaidPrompt) {
  return { checkoutRequestId, phone, amount, status: "pending", updatedAt: Date.now() };
}
