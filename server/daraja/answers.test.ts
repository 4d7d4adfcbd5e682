import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readOAuthAnswer } from "./oauth-answer.ts";
import { readPushAnswer } from "./push-answer.ts";
import { readQueryAnswer } from "./query-answer.ts";
import { bodyOf, samplesOf } from "./samples.ts";

const SPIKE =
  "Spike arrest violation. Allowed rate : MessageRate{messagesPerPeriod=5, " +
  "periodInMicroseconds=60000000, maxBurstMessageCount=1.0}";
const SPIKE_FAULT = {
  fault: { faultstring: SPIKE, detail: { errorcode: "policies.ratelimit.SpikeArrestViolation" } },
};
const NO_PRODUCT = {
  fault: {
    faultstring: "Invalid API call as no apiproduct match found",
    detail: { errorcode: "keymanagement.service.InvalidAPICallAsNoApiProductMatchFound" },
  },
};
const HTML = "<html><body>Request unsuccessful. Incapsula incident ID: 0</body></html>";
const IDS = { MerchantRequestID: "1-2-3", CheckoutRequestID: "ws_CO_1" };
const OK = {
  ...IDS,
  ResponseCode: "0",
  ResponseDescription: "Success",
  CustomerMessage: "Success",
};

function error(errorCode: string, errorMessage: string): object {
  return { requestId: "1", errorCode, errorMessage };
}

/** Every row of machine §5 that is read from an answer, with its relatives. */
const PUSH_TABLE: readonly [kind: string, status: number, body: unknown, cause?: string][] = [
  ["accepted", 200, OK],
  ["accepted", 200, { ...OK, ResponseCode: 0 }],
  ["unknown", 200, { ...OK, ResponseCode: "00" }],
  ["unknown", 200, { ...OK, ResponseCode: "" }],
  ["unknown", 200, { ...OK, ResponseCode: null }],
  ["unknown", 200, { ...OK, CheckoutRequestID: undefined }],
  ["unknown", 200, { ...OK, CheckoutRequestID: "" }],
  ["unknown", 200, { ...OK, CheckoutRequestID: 5 }],
  ["unknown", 200, { ...OK, CheckoutRequestID: "w".repeat(65) }],
  ["unknown", 200, { ...OK, MerchantRequestID: undefined }],
  ["unknown", 200, { ...OK, ResponseCode: "1" }],
  ["unknown", 200, {}],
  ["unknown", 200, "[]"],
  ["unknown", 200, "OK"],
  ["unknown", 200, ""],
  ["unknown", 200, HTML],
  ["unknown", 201, OK],
  [
    "rejected",
    200,
    { ResponseCode: "1", ResponseDescription: "Merchant does not exist" },
    "merchant_setup",
  ],
  [
    "rejected",
    200,
    error("500.001.1001", "Unable to lock subscriber, a transaction"),
    "customer_busy",
  ],
  [
    "rejected",
    400,
    error("400.002.02", "Bad Request - Invalid BusinessShortCode"),
    "merchant_setup",
  ],
  ["rejected", 400, error("400.002.02", "Bad Request - Invalid Password"), "merchant_setup"],
  ["rejected", 400, error("400.002.02", "Bad Request - Invalid TransactionType"), "merchant_setup"],
  ["rejected", 400, error("400.002.02", "Bad Request - Invalid PartyB"), "merchant_setup"],
  ["rejected", 400, error("400.002.02", "Bad Request - Invalid CallBackURL"), "merchant_setup"],
  ["rejected", 400, error("400.002.02", "Bad Request - Invalid PhoneNumber"), "customer_account"],
  ["rejected", 400, error("400.002.02", "Bad Request - Invalid PartyA"), "customer_account"],
  ["rejected", 400, error("400.002.02", "Bad Request - Invalid amount"), "request"],
  ["rejected", 400, error("400.002.02", "Bad Request - Invalid Remarks"), "request"],
  ["rejected", 400, error("400.002.05", "Invalid Request Payload"), "request"],
  ["rejected", 404, error("404.001.01", "Resource not found"), "request"],
  ["rejected", 405, error("405.001", "Method Not Allowed"), "request"],
  ["rejected", 405, ""],
  ["token_refused", 404, error("404.001.03", "Invalid Access Token")],
  ["token_refused", 400, error("400.003.01", "Invalid Access Token")],
  ["token_refused", 401, error("401.002.01", "Error Occurred - Invalid Access Token")],
  ["token_refused", 401, { fault: { faultstring: "Invalid access token", detail: {} } }],
  ["token_refused", 401, ""],
  ["unknown", 401, HTML],
  ["unknown", 500, error("404.001.03", "Invalid Access Token")],
  ["rejected", 500, error("500.001.1001", "Wrong credentials"), "merchant_setup"],
  [
    "rejected",
    500,
    error("500.001.1001", "[MerchantValidate] - Wrong credentials"),
    "merchant_setup",
  ],
  ["rejected", 500, error("500.001.1001", "Merchant does not exist"), "merchant_setup"],
  [
    "rejected",
    500,
    error(
      "500.001.1001",
      "Merchant not allowed to carry out transaction type CustomerPayBillOnline",
    ),
    "merchant_setup",
  ],
  [
    "rejected",
    500,
    error("500.001.1001", "[STK] - Unable to lock subscriber, a transaction is already in process"),
    "customer_busy",
  ],
  ["rejected", 500, error("500.001.1001", "[CBS - ] No ICCID found"), "customer_account"],
  ["rejected", 500, error("500.001.1001", "Missing ICCID value"), "customer_account"],
  ["unknown", 500, error("500.001.1001", "Output data invalid")],
  ["unknown", 500, error("500.001.1001", "Request failed: Output data invalid")],
  ["unknown", 500, error("500.001.1001", "The transaction is being processed")],
  ["unknown", 500, error("500.001.1001", "")],
  ["not_sent", 429, SPIKE_FAULT, "rate_limited"],
  ["not_sent", 429, "", "rate_limited"],
  ["not_sent", 500, SPIKE_FAULT, "rate_limited"],
  ["not_sent", 500, error("500.003.02", "Error Occurred: Spike Arrest Violation"), "rate_limited"],
  ["not_sent", 500, error("500.003.03", "Quota Violation"), "rate_limited"],
  ["unknown", 500, error("500.003.02", "System is busy. Please try again in few minutes.")],
  ["unknown", 405, error("500.003.02", "System is busy. Please try again in few minutes.")],
  ["unknown", 500, error("500.003.1001", "Internal Server Error")],
  ["unknown", 500, error("400.002.02", "Bad Request - Invalid Amount")],
  ["unknown", 500, error("00.002.1001", "Service is currently under maintenance.")],
  ["unknown", 503, ""],
  ["unknown", 504, HTML],
  ["unknown", 403, HTML],
  ["unknown", 403, ""],
  ["unknown", 403, { fault: { faultstring: "Denied", detail: { errorcode: "x" } } }],
  ["rejected", 403, NO_PRODUCT, "merchant_setup"],
  ["rejected", 401, NO_PRODUCT, "merchant_setup"],
  ["unknown", 302, ""],
  ["unknown", 400, ""],
  ["unknown", 404, {}],
];

describe("a push answer", () => {
  it.each(PUSH_TABLE)("is %s for %i %j", (kind, status, body, cause) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const answer = readPushAnswer(status, text);
    expect(answer).toMatchObject(cause === undefined ? { kind } : { kind, cause });
  });

  it("that names the request but is not whole keeps the name, to ask about it", () => {
    const half = JSON.stringify({ ...OK, MerchantRequestID: undefined });
    expect(readPushAnswer(200, half)).toMatchObject({ checkoutRequestId: IDS.CheckoutRequestID });
    const refused = JSON.stringify({ ...OK, MerchantRequestID: undefined, ResponseCode: "1" });
    expect(readPushAnswer(200, refused)).not.toHaveProperty("checkoutRequestId");
  });

  it("is read for every recorded sample", () => {
    for (const sample of samplesOf("push-response")) {
      expect(readPushAnswer(200, bodyOf(sample)).kind).toBe("accepted");
    }
    for (const sample of samplesOf("error")) {
      const text = bodyOf(sample);
      const unsure = /System is busy|Incapsula/.test(text);
      const answer = readPushAnswer(sample.http_status ?? 0, text);
      expect(answer.kind, text).toBe(unsure ? "unknown" : "rejected");
    }
  });

  it("keeps Daraja's code and words for the merchant", () => {
    const body = JSON.stringify(error("400.002.02", "Bad Request - Invalid CallBackURL"));
    expect(readPushAnswer(400, body)).toEqual({
      kind: "rejected",
      code: "400.002.02",
      description: "Bad Request - Invalid CallBackURL",
      cause: "merchant_setup",
    });
  });

  it("gives away no phone number and no token", () => {
    const body = JSON.stringify(error("400.002.02", `Invalid 254712345678 ${"x".repeat(28)}`));
    expect(readPushAnswer(400, body)).toMatchObject({ description: "Invalid [number] [secret]" });
  });

  it("is accepted only with HTTP 200 and both ids, and never throws", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), anyBody(OK), (status, text) => {
        const answer = readPushAnswer(status, text);
        if (answer.kind !== "accepted") return;
        expect(status).toBe(200);
        expect(JSON.parse(text)).toMatchObject({
          MerchantRequestID: answer.merchantRequestId,
          CheckoutRequestID: answer.checkoutRequestId,
        });
      }),
      { numRuns: 1_000 },
    );
  });
});

const PAID = { ...IDS, ResponseCode: "0", ResultCode: "0", ResultDesc: "Paid" };
const FAILED = { ...PAID, ResultCode: "1032", ResultDesc: "Request Cancelled by user." };

const QUERY_TABLE: readonly [kind: string, status: number, body: unknown, cause?: string][] = [
  ["success", 200, PAID],
  ["success", 200, { ...PAID, ResultCode: 0 }],
  ["failure", 200, FAILED],
  ["failure", 200, { ...FAILED, ResultCode: 1032 }],
  ["failure", 200, { ...FAILED, ResultCode: "SFC_IC0003" }],
  ["silent", 200, { ...PAID, ResultCode: "4999" }, "processing"],
  ["silent", 200, { ...PAID, ResultCode: 4999 }, "processing"],
  ["silent", 500, error("500.001.1001", "The transaction is being processed"), "processing"],
  ["silent", 400, error("400.002.02", "Bad Request - Invalid CheckoutRequestID"), "unknown_id"],
  ["silent", 429, SPIKE_FAULT, "rate_limited"],
  ["silent", 429, HTML, "rate_limited"],
  ["silent", 500, error("500.003.02", "Error Occurred: Spike Arrest Violation"), "rate_limited"],
  ["silent", 500, error("500.003.03", "Quota Violation"), "rate_limited"],
  ["silent", 403, HTML, "unreachable"],
  ["silent", 200, HTML, "unreachable"],
  ["silent", 502, "", "unreachable"],
  ["silent", 500, error("500.003.02", "System is busy."), "unreachable"],
  ["silent", 500, error("500.001.1001", "Wrong credentials"), "unreachable"],
  ["silent", 503, PAID, "unreachable"],
  ["silent", 200, { ...PAID, ResultCode: "E3008" }, "nonsense"],
  ["silent", 200, { ...PAID, ResultCode: "1036" }, "nonsense"],
  ["silent", 200, { ...PAID, ResultCode: "77" }, "nonsense"],
  ["silent", 200, { ...PAID, ResultCode: "1032 " }, "nonsense"],
  ["silent", 200, { ...PAID, ResultCode: undefined }, "nonsense"],
  ["silent", 200, { ...PAID, ResultCode: null }, "nonsense"],
  ["silent", 200, { ...PAID, ResultCode: [0] }, "nonsense"],
  ["silent", 200, { ...PAID, ResultCode: "0 " }, "nonsense"],
  ["silent", 200, { ...PAID, ResponseCode: "1" }, "nonsense"],
  ["silent", 200, { ...PAID, ResponseCode: undefined }, "nonsense"],
  ["silent", 200, { ...PAID, CheckoutRequestID: "ws_CO_2" }, "nonsense"],
  ["silent", 200, { ...PAID, CheckoutRequestID: undefined }, "nonsense"],
  ["silent", 200, { ...FAILED, CheckoutRequestID: "ws_CO_2" }, "nonsense"],
  ["silent", 201, PAID, "nonsense"],
  ["silent", 302, PAID, "nonsense"],
  ["silent", 200, "", "nonsense"],
  ["token_refused", 404, error("404.001.03", "Invalid Access Token")],
  ["token_refused", 401, ""],
];

describe("a query answer", () => {
  it.each(QUERY_TABLE)("is %s for %i %j", (kind, status, body, cause) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const answer = readQueryAnswer(status, text, "ws_CO_1");
    expect(answer).toMatchObject(cause === undefined ? { kind } : { kind, cause });
  });

  it("is read for every recorded sample", () => {
    for (const sample of samplesOf("query")) {
      const payload = sample.payload as { CheckoutRequestID?: string; ResultCode?: string };
      const answer = readQueryAnswer(
        sample.http_status ?? 0,
        bodyOf(sample),
        payload.CheckoutRequestID ?? "ws_CO_1",
      );
      const code = payload.ResultCode;
      const verdict = code === "0" ? "success" : "failure";
      const silent = code === undefined || code === "4999";
      expect(answer.kind, bodyOf(sample)).toBe(silent ? "silent" : verdict);
    }
  });

  it("names the rate of a spike arrest in requests a minute", () => {
    const rates: readonly [string, number | undefined][] = [
      [SPIKE, 5],
      ["MessageRate{messagesPerPeriod=2, periodInMicroseconds=1000000, x=1}", 120],
      ["MessageRate{messagesPerPeriod=1.5, periodInMicroseconds=60000000}", 1.5],
      ["MessageRate{messagesPerPeriod=5, periodInMicroseconds=0}", undefined],
      ["MessageRate{messagesPerPeriod=0, periodInMicroseconds=60000000}", undefined],
      ["Spike arrest violation", undefined],
    ];
    for (const [faultstring, ratePerMinute] of rates) {
      const body = JSON.stringify({ fault: { faultstring, detail: {} } });
      const answer = readQueryAnswer(429, body, "ws_CO_1");
      expect(answer).toMatchObject({ kind: "silent", cause: "rate_limited", ratePerMinute });
    }
  });

  it("is success only with 200, ResponseCode, an exact 0 and the id asked; never throws", () => {
    fc.assert(
      fc.property(fc.constantFrom(200, 200, 201, 302, 500), anyBody(PAID), (status, text) => {
        if (readQueryAnswer(status, text, "ws_CO_1").kind !== "success") return;
        const body = JSON.parse(text) as Record<string, unknown>;
        expect(status).toBe(200);
        expect(body).toMatchObject({ ResponseCode: "0", CheckoutRequestID: "ws_CO_1" });
        expect(body.ResultCode === 0 || body.ResultCode === "0").toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("an OAuth answer", () => {
  it.each<[unknown, number]>([
    ["3599", 3_599_000],
    [3599, 3_599_000],
    ["999999", 3_600_000],
    [undefined, 300_000],
    ["soon", 300_000],
    [-5, 300_000],
  ])("gives the token; expires_in %j is %i ms", (expires_in, lifeMs) => {
    const body = `\n  ${JSON.stringify({ access_token: "abc123", expires_in }, null, 4)}\n`;
    expect(readOAuthAnswer(200, body)).toEqual({ ok: true, token: "abc123", lifeMs });
  });

  it.each<["token" | "network", number, string]>([
    ["token", 400, ""],
    ["token", 400, JSON.stringify(error("400.008.01", "Invalid Authentication passed"))],
    ["token", 401, ""],
    ["network", 403, HTML],
    ["network", 429, JSON.stringify(SPIKE_FAULT)],
    ["network", 500, JSON.stringify(error("500.003.02", "System is busy."))],
    ["network", 302, ""],
    ["network", 200, HTML],
    ["network", 200, "{}"],
    ["network", 200, JSON.stringify({ access_token: "abc\r\nX: y", expires_in: 3599 })],
    ["network", 200, JSON.stringify({ access_token: 5, expires_in: 3599 })],
  ])("blames the %s for %i %s", (cause, status, body) => {
    expect(readOAuthAnswer(status, body)).toMatchObject({ ok: false, cause });
  });

  it("is read for every recorded sample", () => {
    const [documented, refused] = samplesOf("oauth").map((sample) =>
      readOAuthAnswer(sample.http_status ?? 0, bodyOf(sample)),
    );
    expect(documented).toMatchObject({ ok: true, lifeMs: 3_599_000 });
    expect(refused).toMatchObject({ ok: false, cause: "token" });
  });
});

/** Bodies near a good one: members replaced, dropped, cut short, or nothing alike. */
function anyBody(good: object): fc.Arbitrary<string> {
  const names = Object.keys(good);
  const value = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom("0", 0, "ws_CO_1", "1032"));
  const replaced = fc
    .dictionary(fc.constantFrom(...names), value, { maxKeys: 2 })
    .map((changes) => JSON.stringify({ ...good, ...changes }));
  const cut = fc.nat().map((at) => {
    const text = JSON.stringify(good);
    return text.slice(0, at % text.length);
  });
  return fc.oneof({ weight: 4, arbitrary: replaced }, cut, fc.string(), fc.json());
}
