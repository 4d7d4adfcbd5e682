/** `POST /pulltransactions/v1/query`: the ledger's debits of a window, as Pull tells them (daraja.md §7). */
import type { Request, Response } from "express";
import { nairobiTime, parseNairobiTime } from "../../shared/nairobi.ts";
import type { DarajaParts } from "./parts.ts";
import { invalidField, REFUSALS, type Refusal, sendRefusal } from "./refusals.ts";
import { fieldsOf, SHORTCODE, text } from "./requests.ts";

/** Rows of one answer; the real size is not documented, so callers must go by what came. */
const PAGE = 50;

interface Window {
  readonly shortcode: string;
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/** Newest last, as rows of an array inside an array; none is code 1001. */
export function answerPull(parts: DarajaParts, req: Request, res: Response): void {
  const window = readWindow(parts, req.body);
  if ("errorCode" in window) {
    sendRefusal(res, window, parts.dice);
    return;
  }
  const { shortcode, from, to, offset } = window;
  const rows = parts.ledger
    .debits()
    // The window is in whole seconds: what came within its last second belongs to it.
    .filter(({ at, prompt }) => prompt.shortcode === shortcode && at >= from && at < to + 1_000)
    .sort((a, b) => a.at - b.at)
    .slice(offset, offset + PAGE)
    .map(({ receipt, amount, at, prompt }) => ({
      transactionId: receipt,
      trxDate: nairobiTime(at).replace(" ", "T").concat("Z"),
      msisdn: `${prompt.phone.slice(0, 5)}****${prompt.phone.slice(-3)}`,
      sender: "MPESA",
      transactiontype: "c2b-pay-bill-debit",
      billreference: prompt.accountReference,
      amount: `${amount}.00`,
      organizationname: prompt.merchantName,
    }));
  const found = rows.length > 0;
  res.status(200).json({
    ResponseRefID: `${parts.dice(100_000)}-${parts.dice(1_000_000)}-1`,
    ResponseCode: found ? "1000" : "1001",
    ResponseMessage: found ? "Success" : "No transactions found",
    ...(found ? { Response: [rows] } : {}),
  });
}

function readWindow(parts: DarajaParts, body: unknown): Window | Refusal {
  const fields = fieldsOf(body);
  if (fields === null) return REFUSALS.payload;
  const shortcode = text(fields.ShortCode);
  if (!SHORTCODE.test(shortcode)) return invalidField("ShortCode");
  if (parts.findMerchant(shortcode) === null) return REFUSALS.merchant;
  const from = parseNairobiTime(fields.StartDate);
  if (from === null) return invalidField("StartDate");
  const to = parseNairobiTime(fields.EndDate);
  if (to === null) return invalidField("EndDate");
  const offset = text(fields.OffSetValue);
  if (!/^\d{1,9}$/.test(offset)) return invalidField("OffSetValue");
  return { shortcode, from, to, offset: Number(offset) };
}
