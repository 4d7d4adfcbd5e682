/**
 * What the customer sees in the prompt: 1 to 12 of A–Z and 0–9. The order reference where it
 * fits; else its first 7 characters and a 5-character code; never plain truncation, which would
 * give two orders one name (contract §4).
 */
const LENGTH_MAX = 12;
const STEM_LENGTH = 7;
const CODE_LENGTH = 5;
/** Letters and digits that are hard to confuse by hand. */
const CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
const CHOICES = 5;

/**
 * Candidates, best first; the caller takes the first that is free.
 * @param randomness text of at least CHOICES × CODE_LENGTH characters, made by the caller.
 */
export function accountReferenceChoices(
  orderReference: string,
  randomness: string,
): readonly string[] {
  const plain = orderReference.toUpperCase().replace(/[^A-Z0-9]/g, "");
  const whole = plain.length > 0 && plain.length <= LENGTH_MAX ? [plain] : [];
  const codes = Array.from({ length: CHOICES }, (_, choice) => codeFrom(randomness, choice));
  return [...whole, ...codes.map((code) => plain.slice(0, STEM_LENGTH) + code)];
}

/**
 * Does this reference name one order and no other? Ours do; one that a merchant chose, a house or a
 * member number, is theirs to use again for the next order, and by hand.
 */
export function namesOneOrder(accountReference: string, orderReference: string): boolean {
  const plain = orderReference.toUpperCase().replace(/[^A-Z0-9]/g, "");
  if (accountReference === plain) return true;
  const stem = plain.slice(0, STEM_LENGTH);
  const ends = accountReference.length === stem.length + CODE_LENGTH;
  return ends && accountReference.startsWith(stem);
}

function codeFrom(randomness: string, choice: number): string {
  let code = "";
  for (let i = 0; i < CODE_LENGTH; i += 1) {
    const point = randomness.charCodeAt((choice * CODE_LENGTH + i) % randomness.length);
    code += CODE_ALPHABET.charAt(point % CODE_ALPHABET.length);
  }
  return code;
}
