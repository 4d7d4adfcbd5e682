/** A small Daraja client and a callback receiver, for the simulator's own tests. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { darajaTimestamp } from "../../shared/nairobi.ts";
import { DEMO_APP, DEMO_MERCHANT } from "./demo.ts";

export interface Received {
  readonly at: number;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
  readonly callback: StkCallback;
}

export interface StkCallback {
  readonly MerchantRequestID: string;
  readonly CheckoutRequestID: string;
  readonly ResultCode: number | string;
  readonly ResultDesc: string;
  readonly CallbackMetadata?: { Item: { Name: string; Value?: string | number }[] };
}

/** Keeps what is posted to it; answers 200 after `delayMs`. */
export async function startReceiver(delayMs = 0) {
  const received: Received[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const callback = JSON.parse(text).Body.stkCallback;
      received.push({ at: performance.now(), text, headers: req.headers, callback });
      setTimeout(() => res.end('{"ResultCode":0,"ResultDesc":"Success"}'), delayMs);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/callbacks/ab`,
    received,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Empty when the answer was no JSON. */
  readonly body: DarajaBody;
}

/** Every member that some answer has; a test names the ones it relies on. */
export interface DarajaBody {
  readonly access_token: string;
  readonly expires_in: string;
  readonly requestId: string;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly CheckoutRequestID: string;
  readonly MerchantRequestID: string;
  readonly ResponseCode: string;
  readonly ResultCode: string;
  readonly fault: { faultstring: string; detail: { errorcode: string } };
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  return { status: response.status, text, body: isJson ? JSON.parse(text) : {} };
}

/** Speaks to the simulator at `address` as a merchant's server would. */
export function darajaClient(address: string, callbackUrl: string) {
  let token = "";
  const credentials = `${DEMO_APP.consumerKey}:${DEMO_APP.consumerSecret}`;

  async function oauth(query = "?grant_type=client_credentials", authorization?: string) {
    const basic = `Basic ${Buffer.from(credentials).toString("base64")}`;
    const headers = { authorization: authorization ?? basic };
    return answerOf(await fetch(`${address}/oauth/v1/generate${query}`, { headers }));
  }

  function signed(): Record<string, unknown> {
    const Timestamp = darajaTimestamp(Date.now());
    const { shortcode, passkey } = DEMO_MERCHANT;
    const Password = Buffer.from(`${shortcode}${passkey}${Timestamp}`).toString("base64");
    return { BusinessShortCode: shortcode, Password, Timestamp };
  }

  async function post(path: string, body: unknown, bearer = token): Promise<Answer> {
    const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return answerOf(await fetch(`${address}${path}`, { method: "POST", headers, body: text }));
  }

  return {
    oauth,
    async signIn() {
      token = (await oauth()).body.access_token;
    },
    pushBody(phone: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
      return {
        ...signed(),
        TransactionType: "CustomerPayBillOnline",
        Amount: 1250,
        PartyA: phone,
        PartyB: DEMO_MERCHANT.shortcode,
        PhoneNumber: phone,
        CallBackURL: callbackUrl,
        AccountReference: "ORDER17",
        TransactionDesc: "Payment",
        ...changes,
      };
    },
    push(phone: string, changes: Record<string, unknown> = {}, bearer?: string) {
      return post("/mpesa/stkpush/v1/processrequest", this.pushBody(phone, changes), bearer);
    },
    query(checkoutRequestId: string, changes: Record<string, unknown> = {}) {
      const body = { ...signed(), CheckoutRequestID: checkoutRequestId, ...changes };
      return post("/mpesa/stkpushquery/v1/query", body);
    },
    post,
  };
}

/** Waits until `check` gives something, at most `timeoutMs`. */
export async function until<T>(
  check: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  timeoutMs = 5_000,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (performance.now() > end) throw new Error("waited too long");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
