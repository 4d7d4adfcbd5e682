/**
 * What the list of payments shows, as it stands in the address bar: the same names as the API's
 * parameters, so that a page can be shared, kept and gone back to.
 */
import { isPage, OTHER_PAGE, PAGE_LENGTH_MAX } from "../shared/insight-words.ts";
import { nairobiDayStart } from "../shared/nairobi.ts";
import { parseReceipt } from "../shared/receipt.ts";
import {
  AMOUNT_SOURCES,
  type AmountSource,
  FLAGS,
  type Flag,
  NONE,
  PAYMENT_STATUSES,
  type PaymentStatus,
  REASONS,
  type Reason,
  STEPS,
  type Step,
} from "../shared/words.ts";
import { PATHS } from "./paths.ts";
import { inAddress, searchMeant } from "./private-search.ts";

const TEXT_MAX = 64;
const MERCHANT = /^mer_[0-9A-Za-z_]{1,60}$/;
const PHONE_DIGITS = /^\d{2,4}$/;

/** An empty text or list asks nothing. */
export interface ListFilter {
  /** One merchant's alone; empty for everybody's. */
  readonly merchant: string;
  readonly search: string;
  /** Any of these, as with reasons and flags. */
  readonly statuses: readonly PaymentStatus[];
  /** Why the last failed attempt failed. */
  readonly reasons: readonly Reason[];
  readonly flags: readonly Flag[];
  /** Whole shillings. */
  readonly amountFrom: string;
  readonly amountTo: string;
  /** Nairobi days such as 2026-03-02, or instants. */
  readonly createdFrom: string;
  readonly createdTo: string;
  /** The last 2 to 4 digits. */
  readonly phoneTail: string;
  readonly receipt: string;
  readonly orderReference: string;
  /** A page of the shop's by its origin, `other`, or `none` where it is not known. */
  readonly page: string;
  /** Who fixed the amount: any of these. */
  readonly sources: readonly AmountSource[];
  /** How far it came: any of these. */
  readonly steps: readonly Step[];
  /** An hour of the day in Nairobi, 0 to 23. */
  readonly hour: string;
  /** M-PESA's code of the last failed attempt, or `none`. */
  readonly code: string;
}

export const NO_FILTER: ListFilter = {
  merchant: "",
  search: "",
  statuses: [],
  reasons: [],
  flags: [],
  amountFrom: "",
  amountTo: "",
  createdFrom: "",
  createdTo: "",
  phoneTail: "",
  receipt: "",
  orderReference: "",
  page: "",
  sources: [],
  steps: [],
  hour: "",
  code: "",
};

/** The fields a person types into. */
export type FilterField = Exclude<
  keyof ListFilter,
  "merchant" | "search" | "statuses" | "reasons" | "flags" | "sources" | "steps"
>;
export type FilterFault = "amount" | "order" | "day" | "phone" | "receipt" | "page" | "hour";

/** Parameter names by field; several of one kind are lists with commas. */
const NAMES: Readonly<Record<keyof ListFilter, string>> = {
  merchant: "merchant",
  search: "q",
  statuses: "status",
  reasons: "reason",
  flags: "flag",
  amountFrom: "amountFrom",
  amountTo: "amountTo",
  createdFrom: "createdFrom",
  createdTo: "createdTo",
  phoneTail: "phoneTail",
  receipt: "receipt",
  orderReference: "orderReference",
  page: "page",
  sources: "source",
  steps: "step",
  hour: "hour",
  code: "code",
};
const FIELDS = Object.keys(NAMES) as (keyof ListFilter)[];

/** Reads the filter from an address's query; what makes no sense there is no filter. */
export function filterFromQuery(query: Readonly<Record<string, string>>): ListFilter {
  const text = (field: keyof ListFilter, max = TEXT_MAX) =>
    (query[NAMES[field]] ?? "").trim().slice(0, max);
  const some = <Word extends string>(field: keyof ListFilter, words: readonly Word[]) => {
    const wanted = (query[NAMES[field]] ?? "").split(",");
    return words.filter((word) => wanted.includes(word));
  };
  const merchant = text("merchant");
  const { search, phoneTail } = searchMeant(text("search"));
  const read: ListFilter = {
    merchant: MERCHANT.test(merchant) ? merchant : "",
    search,
    statuses: some("statuses", PAYMENT_STATUSES),
    reasons: some("reasons", REASONS),
    flags: some("flags", FLAGS),
    amountFrom: text("amountFrom"),
    amountTo: text("amountTo"),
    createdFrom: text("createdFrom"),
    createdTo: text("createdTo"),
    phoneTail: text("phoneTail") || phoneTail,
    receipt: text("receipt"),
    orderReference: text("orderReference"),
    page: text("page", PAGE_LENGTH_MAX),
    sources: some("sources", AMOUNT_SOURCES),
    steps: some("steps", STEPS),
    hour: text("hour"),
    code: text("code"),
  };
  const wrong = Object.keys(faultsOf(read)).map((field) => [field, ""]);
  return { ...read, ...Object.fromEntries(wrong) };
}

/** The filter as parameters for the API, by the names that page and API share; a search in whole. */
export function filterQuery(filter: ListFilter): URLSearchParams {
  const query = new URLSearchParams();
  for (const field of FIELDS) {
    const value = filter[field];
    const text = typeof value === "string" ? value : value.join(",");
    if (text !== "") query.set(NAMES[field], text);
  }
  return query;
}

/** The address of the list with a filter, without anybody's number; without a filter the bare path. */
export function listPath(filter: ListFilter): string {
  // Commas may stand in a query as they are, and read better there.
  const shown = filterQuery({ ...filter, search: inAddress(filter.search) });
  const query = shown.toString().replaceAll("%2C", ",");
  return query === "" ? PATHS.payments : `${PATHS.payments}?${query}`;
}

export function isFiltered(filter: ListFilter): boolean {
  return listPath(filter) !== PATHS.payments;
}

/** As it is meant, and written one way: a whole phone number is its last digits, which is all that may be asked. */
export function withTidyFields(filter: ListFilter): ListFilter {
  const trimmed = Object.fromEntries(
    FIELDS.map((field) => {
      const value = filter[field];
      return [field, typeof value === "string" ? value.trim() : value];
    }),
  );
  return {
    ...filter,
    ...trimmed,
    statuses: PAYMENT_STATUSES.filter((status) => filter.statuses.includes(status)),
    reasons: REASONS.filter((reason) => filter.reasons.includes(reason)),
    flags: FLAGS.filter((flag) => filter.flags.includes(flag)),
    amountFrom: filter.amountFrom.replace(/[\s,]/g, ""),
    amountTo: filter.amountTo.replace(/[\s,]/g, ""),
    phoneTail: filter.phoneTail.replace(/[\s+-]/g, "").replace(/^\d+(?=\d{4}$)/, ""),
    receipt: filter.receipt.trim().toUpperCase(),
    page: pageMeant(filter.page.trim()),
    sources: AMOUNT_SOURCES.filter((source) => filter.sources.includes(source)),
    steps: STEPS.filter((step) => filter.steps.includes(step)),
    hour: filter.hour
      .trim()
      .replace(/:00$/, "")
      .replace(/^0(?=\d$)/, ""),
  };
}

/** An address or a bare name of a website as the origin by which payments are kept. */
function pageMeant(text: string): string {
  if (text === "" || text === NONE || text === OTHER_PAGE) return text;
  // Some browsers take a space for a part of the name.
  if (/\s/.test(text)) return text;
  const address = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  return URL.canParse(address) ? new URL(address).origin : text;
}

/** What is wrong, by field; the server would refuse these. */
export function faultsOf(filter: ListFilter): Partial<Record<FilterField, FilterFault>> {
  const { amountFrom, amountTo, createdFrom, createdTo, phoneTail, receipt, page, hour } = filter;
  const faults: Partial<Record<FilterField, FilterFault>> = {};
  for (const field of ["amountFrom", "amountTo"] as const) {
    if (filter[field] !== "" && !isAmount(filter[field])) faults[field] = "amount";
  }
  for (const field of ["createdFrom", "createdTo"] as const) {
    if (filter[field] !== "" && momentOf(filter[field]) === null) faults[field] = "day";
  }
  if (isAmount(amountFrom) && isAmount(amountTo) && Number(amountFrom) > Number(amountTo)) {
    faults.amountTo = "order";
  }
  const [from, to] = [momentOf(createdFrom), momentOf(createdTo)];
  if (from !== null && to !== null && from > to) faults.createdTo = "order";
  if (phoneTail !== "" && !PHONE_DIGITS.test(phoneTail)) faults.phoneTail = "phone";
  if (receipt !== "" && parseReceipt(receipt) === null) faults.receipt = "receipt";
  if (page !== "" && page !== NONE && !isPage(page)) faults.page = "page";
  if (hour !== "" && !/^(1?\d|2[0-3])$/.test(hour)) faults.hour = "hour";
  return faults;
}

/** The beginning of a Nairobi day, or an instant; null for neither. */
export function momentOf(text: string): number | null {
  const day = nairobiDayStart(text);
  if (day !== null) return day;
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text) &&
    !Number.isNaN(Date.parse(text))
    ? Date.parse(text)
    : null;
}

function isAmount(text: string): boolean {
  return /^\d{1,6}$/.test(text);
}
