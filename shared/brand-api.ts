/** The contract of the checkout's look: the shop's name, its colour and its logo. */
import { z } from "zod";
import { BRAND_NAME_MAX, LOGO_MAX_BYTES } from "./brand-rules.ts";

/** Four letters of base64 for three bytes. */
const LOGO_LETTERS_MAX = Math.ceil(LOGO_MAX_BYTES / 3) * 4;

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;

export const brandView = z.object({
  /** The guard: a change names the version that its page has read. */
  version: z.int(),
  name: z.string(),
  /** `#rrggbb`, or null for Lipia's own green. */
  accent: z.string().nullable(),
  /** Where the logo is served, or null. */
  logo: z.string().nullable(),
});
export type BrandView = z.infer<typeof brandView>;

export const brandRequest = z.strictObject({
  version: z.int(),
  name: z
    .string()
    .trim()
    .min(1, "the name must not be empty")
    .max(BRAND_NAME_MAX, `the name has at most ${BRAND_NAME_MAX} characters`)
    .regex(PRINTABLE, "the name must be printable characters")
    .refine((text) => !INVISIBLE.test(text), "the name must not hold invisible characters"),
  accent: z
    .string()
    .regex(/^#[0-9a-f]{6}$/, "a colour is written #0a7d3e")
    .nullable(),
  logo: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("keep") }),
    z.strictObject({ kind: z.literal("none") }),
    z.strictObject({
      kind: z.literal("new"),
      base64: z
        .base64("the logo must be sent as base64")
        .max(LOGO_LETTERS_MAX, `the logo is larger than ${LOGO_MAX_BYTES / 1024} KB`),
    }),
  ]),
});
export type BrandRequest = z.infer<typeof brandRequest>;
