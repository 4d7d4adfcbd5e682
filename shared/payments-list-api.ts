/** The contract of the dashboard's list of payments: its filters, its totals, its export. */
import { z } from "zod";
import { LIST_LIMIT_MAX } from "./api.ts";
import { isPage, OTHER_PAGE } from "./insight-words.ts";
import { merchantId } from "./merchants-api.ts";
import { nairobiDayStart } from "./nairobi.ts";
import { EXPORT_FORMATS, PAYMENT_COLUMNS } from "./payment-columns.ts";
import { parseReceipt } from "./receipt.ts";
import { AMOUNT_SOURCES, FLAGS, LOCALES, NONE, PAYMENT_STATUSES, REASONS, STEPS } from "./words.ts";

const DAY_MS = 86_400_000;

/** Words of a closed list, separated by commas: any of them. */
function someOf<const Words extends readonly string[]>(name: string, words: Words) {
  return z
    .string(`${name} is written once, its values separated by commas`)
    .max(1_000)
    .transform((text, ctx): readonly Words[number][] | undefined => {
      const wanted = [...new Set(text.split(",").filter((word) => word !== ""))];
      const unknown = wanted.find((word) => !words.includes(word));
      if (unknown !== undefined) {
        ctx.addIssue({ code: "custom", message: `${name} is any of ${words.join(", ")}` });
        return z.NEVER;
      }
      return wanted.length === 0 ? undefined : wanted;
    })
    .optional();
}

function shillings(name: string) {
  const words = `${name} must be whole Kenyan shillings, at most 6 digits`;
  return z
    .string(words)
    .regex(/^\d{1,6}$/, words)
    .transform(Number)
    .optional();
}

/** A Nairobi day (its first or last millisecond), or an instant → epoch milliseconds. */
function moment(name: string, end: "first" | "last") {
  const words = `${name} must be a day such as 2026-03-02 (Nairobi), or an instant such as 2026-03-02T09:00:00Z`;
  return z
    .string(words)
    .transform((text, ctx): number => {
      const day = nairobiDayStart(text);
      if (day !== null) return end === "first" ? day : day + DAY_MS - 1;
      const at = z.iso.datetime({ offset: true }).safeParse(text).success ? Date.parse(text) : NaN;
      if (!Number.isNaN(at)) return at;
      ctx.addIssue({ code: "custom", message: words });
      return z.NEVER;
    })
    .optional();
}

const receipt = z
  .string()
  .transform((text, ctx) => {
    const code = parseReceipt(text);
    if (code !== null) return code;
    ctx.addIssue({
      code: "custom",
      message: "receipt must be the 10 characters of an M-PESA code",
    });
    return z.NEVER;
  })
  .optional();

/** A page of the shop's by its origin, what stands for all others, or `none` where it is not known. */
const page = z
  .string()
  .refine(
    (text) => text === NONE || isPage(text),
    `page must be an origin such as https://shop.co.ke, ${OTHER_PAGE}, or ${NONE}`,
  )
  .optional();

const filters = {
  /** One merchant's alone; without it every merchant's. */
  merchant: merchantId.optional(),
  status: someOf("status", PAYMENT_STATUSES),
  reason: someOf("reason", REASONS),
  flag: someOf("flag", FLAGS),
  amountFrom: shillings("amountFrom"),
  amountTo: shillings("amountTo"),
  createdFrom: moment("createdFrom", "first"),
  createdTo: moment("createdTo", "last"),
  /** More digits than a list may show are never asked for, since addresses are kept in histories. */
  phoneTail: z
    .string()
    .regex(/^\d{2,4}$/, "phoneTail must be the last 2 to 4 digits of the phone")
    .optional(),
  receipt,
  orderReference: z.string().min(1).max(64).optional(),
  page,
  source: someOf("source", AMOUNT_SOURCES),
  /** The hour of the day in Nairobi when it was opened. */
  hour: z
    .string()
    .regex(/^(1?\d|2[0-3])$/, "hour must be an hour of the day, 0 to 23")
    .transform(Number)
    .optional(),
  step: someOf("step", STEPS),
  /** M-Pesa's code of the last failed attempt, or `none` where it told none. */
  code: z.string().min(1).max(64).optional(),
  q: z.string().trim().max(64).optional(),
};

interface Ranges {
  readonly amountFrom?: number | undefined;
  readonly amountTo?: number | undefined;
  readonly createdFrom?: number | undefined;
  readonly createdTo?: number | undefined;
}

const inOrder = (from?: number, to?: number) =>
  from === undefined || to === undefined || from <= to;
const amountsInOrder = (all: Ranges) => inOrder(all.amountFrom, all.amountTo);
const daysInOrder = (all: Ranges) => inOrder(all.createdFrom, all.createdTo);
const AMOUNTS = { path: ["amountTo"], message: "amountTo must not be less than amountFrom" };
const DAYS = { path: ["createdTo"], message: "createdTo must not be before createdFrom" };

export const dashboardListQuery = z
  .object({
    ...filters,
    limit: z.coerce.number().int().min(1).max(LIST_LIMIT_MAX).default(25),
    startingAfter: z
      .string()
      .regex(/^pay_[0-9a-f]{32}$/, "startingAfter must be the id of a payment")
      .optional(),
  })
  .refine(amountsInOrder, AMOUNTS)
  .refine(daysInOrder, DAYS);

export const dashboardFilterQuery = z
  .object(filters)
  .refine(amountsInOrder, AMOUNTS)
  .refine(daysInOrder, DAYS);
export type DashboardFilterQuery = z.infer<typeof dashboardFilterQuery>;

/** The same two in a body, where a field that is not known is a mistake and not another page's. */
export const dashboardSearchRequest = dashboardListQuery.strict();
export const dashboardSearchTotalsRequest = dashboardFilterQuery.strict();

const exportFields = {
  ...filters,
  columns: someOf("columns", PAYMENT_COLUMNS),
  format: z.enum(EXPORT_FORMATS).default("csv"),
  /** Of the line of heads; values are the API's words in every language. */
  locale: z.enum(LOCALES).default("en"),
};

/** A file of what the list shows, phones masked as there. */
export const dashboardExportQuery = z
  .object(exportFields)
  .refine(amountsInOrder, AMOUNTS)
  .refine(daysInOrder, DAYS);
export const dashboardSearchExportRequest = dashboardExportQuery.strict();

/** The same with whole phone numbers; without a column for them nobody means that. */
export const exportNumbersRequest = z
  .strictObject(exportFields)
  .refine(amountsInOrder, AMOUNTS)
  .refine(daysInOrder, DAYS)
  .refine(({ columns }) => columns === undefined || columns.includes("phone"), {
    path: ["columns"],
    message: "columns must hold the phone, since the file is for its numbers",
  });

/** `at_least`: counting further would keep everybody waiting; no sum then, since it would be half of one. */
export const dashboardTotals = z.object({
  kind: z.enum(["exact", "at_least"]),
  count: z.int(),
  /** Whole shillings (with cents where M-PESA had them) of the confirmed payments. */
  confirmed: z.number().nullable(),
});
export type DashboardTotals = z.infer<typeof dashboardTotals>;
