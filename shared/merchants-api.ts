/** The contract of several merchants on one installation: whose settings, whose payments, a new one. */
import { z } from "zod";
import { BRAND_NAME_MAX } from "./brand-rules.ts";

const instant = z.iso.datetime();
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;

/** Which merchant a question is about, in the address of a page and of a call. */
export const merchantId = z
  .string()
  .regex(/^mer_[0-9A-Za-z_]{1,60}$/, "merchant must be the id of a merchant");

/** `paybill`: money goes to the shortcode itself. `till`: to a till of the store with the shortcode. */
export const MERCHANT_KINDS = ["paybill", "till"] as const;

export const merchantView = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(MERCHANT_KINDS),
  /** The pay bill's number, or the till's store number. */
  shortcode: z.string(),
  till: z.string().nullable(),
  /** `default`: its credentials stand in the server's environment. */
  origin: z.enum(["default", "further"]),
  /** Since when it takes no new payments. */
  pausedAt: instant.nullable(),
});
export type MerchantView = z.infer<typeof merchantView>;

export const merchantsView = z.object({ merchants: z.array(merchantView) });
export type MerchantsView = z.infer<typeof merchantsView>;

function number(what: string) {
  return z
    .string()
    .trim()
    .regex(/^\d{5,7}$/, `the ${what} has 5 to 7 digits`);
}

/** Copied from a page: no space inside, and what surrounds it is dropped. */
function secret(what: string) {
  return z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{1,200}$/, `the ${what} is one word without spaces`);
}

/** What opens Daraja for a merchant. */
export const credentialsRequest = z.strictObject({
  consumerKey: secret("consumer key"),
  consumerSecret: secret("consumer secret"),
  passkey: secret("passkey"),
});
export type CredentialsRequest = z.infer<typeof credentialsRequest>;

export const addMerchantRequest = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1, "the name must not be empty")
      .max(BRAND_NAME_MAX, `the name has at most ${BRAND_NAME_MAX} characters`)
      .regex(PRINTABLE, "the name must be printable characters")
      .refine((text) => !INVISIBLE.test(text), "the name must not hold invisible characters"),
    kind: z.enum(MERCHANT_KINDS),
    shortcode: number("shortcode"),
    till: number("till number").optional(),
    /** Absent in the simulator, which needs none. */
    credentials: credentialsRequest.optional(),
    /** Whether Safaricom has switched Pull Transactions on for the pay bill; tills go without. */
    pull: z.boolean().default(false),
  })
  .refine(({ kind, till }) => kind === "paybill" || till !== undefined, {
    path: ["till"],
    message: "a till needs its till number beside the store number",
  });
export type AddMerchantRequest = z.input<typeof addMerchantRequest>;

export const pauseMerchantRequest = z.strictObject({ paused: z.boolean() });
