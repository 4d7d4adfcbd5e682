/** Takes out of a text what must not be shown: phone numbers and what looks like a secret. */
import { parseDarajaTimestamp } from "./nairobi.ts";

/** Nine digits are a national phone number; people and systems put marks between them. */
const DIGIT_RUN = /\d(?:[ .()-]{0,2}\d){8,}/g;
/** Access tokens have 28 characters, passkeys 64; no word of a message is that long. */
const TOKEN_RUN = /[A-Za-z0-9+/=_-]{24,}/g;

/** Masks runs of nine or more digits, and runs that look like a token. */
export function masked(text: string): string {
  return text.replace(DIGIT_RUN, "[number]").replace(TOKEN_RUN, "[secret]");
}

/** M-Pesa's own name of a request, which is no secret and which its help desk asks for. */
const REQUEST_NAME = /("MerchantRequestID"\s*:\s*"[0-9A-Za-z-]{1,64}")/;
const PHONE = /(?:254|0)[17]\d{8}/;

/**
 * The same for a message of M-Pesa's, whose moments and names of requests are long runs, too: they
 * stay. A CheckoutRequestID does not, since it ends in the phone number.
 */
export function maskedMessage(text: string): string {
  return text
    .split(REQUEST_NAME)
    .map((part) => (REQUEST_NAME.test(part) && !PHONE.test(part) ? part : maskedPart(part)))
    .join("");
}

function maskedPart(text: string): string {
  return text
    .replace(DIGIT_RUN, (run) => (parseDarajaTimestamp(run) === null ? "[number]" : run))
    .replace(TOKEN_RUN, "[secret]");
}

/** Does a text hold what would be masked as a number? */
export function holdsNumber(text: string): boolean {
  return text.search(DIGIT_RUN) >= 0;
}

const NATIONAL = /^[17]\d{8}$/;

/**
 * Leaves of every phone number its last two digits, also where it stands within a longer run; other
 * runs of digits, such as days and numbers of orders, stay readable.
 */
export function withoutNumbers(text: string): string {
  return text.replace(DIGIT_RUN, (run) => {
    const digits = run.replace(/\D/g, "");
    const national = NATIONAL.test(digits) || run.split(/\D+/).some((part) => NATIONAL.test(part));
    return national || PHONE.test(digits) ? `…${digits.slice(-2)}` : run;
  });
}
