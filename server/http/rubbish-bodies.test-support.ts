/** Bodies that no caller of any route means, as JSON or not: one list for every door. */
export const RUBBISH_BODIES: readonly string[] = [
  "",
  "{",
  "null",
  "[]",
  "<html>",
  '"text"',
  "\u0000",
  '{"Body":null}',
  '{"Body":{"stkCallback":[]}}',
  '{"__proto__":{"Body":1},"Body":{"stkCallback":{"ResultCode":0}}}',
  `{"Body":{"stkCallback":{"CheckoutRequestID":"${"x".repeat(65)}","ResultCode":0}}}`,
  '{"Body":{"stkCallback":{"CheckoutRequestID":5,"ResultCode":0}}}',
  "[".repeat(20_000),
];

/** Of a call that may come without a body, for which nothing at all is no rubbish. */
export const RUBBISH_WITH_WORDS = RUBBISH_BODIES.filter((body) => body !== "");
