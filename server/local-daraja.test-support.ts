/** A Daraja that does what a test says: a real local HTTP server that counts and keeps what came. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A push as it arrived. */
export interface ArrivedPush {
  readonly checkoutRequestId: string;
  readonly phone: string;
  readonly amount: number;
  readonly callbackUrl: string;
  readonly shortcode: string;
  readonly partyB: string;
  readonly transactionType: string;
  /** What the call was made with. */
  readonly token: string;
}

/** A query as it arrived. */
export interface ArrivedQuestion {
  readonly checkoutRequestId: string;
  readonly shortcode: string;
  readonly token: string;
}

export type LocalReply =
  | { readonly status: number; readonly body: object | string }
  /** Reads the request and closes the connection without an answer. */
  | "hang_up"
  /** Never answers. */
  | "silence";

export interface LocalDaraja extends AsyncDisposable {
  readonly url: string;
  readonly pushes: readonly ArrivedPush[];
  /** CheckoutRequestIDs that were asked about, in order. */
  readonly queries: readonly string[];
  /** The same with who asked. */
  readonly questions: readonly ArrivedQuestion[];
  /** What becomes of pushes from now on; `accepted` is the ordinary answer. */
  onPush: (push: ArrivedPush, accepted: LocalReply) => LocalReply | Promise<LocalReply>;
  /** What queries hear from now on; at first that the payment is under way. */
  onQuery: (checkoutRequestId: string) => LocalReply;
  /** Hears consumer key and secret as they came, `key:secret`. */
  onToken: (app: string) => LocalReply;
}

/** A query's answer with a result. */
export function queryResult(checkoutRequestId: string, ResultCode: string): LocalReply {
  const ids = { MerchantRequestID: "q-1", CheckoutRequestID: checkoutRequestId };
  const words = { ResponseDescription: "accepted", ResultDesc: `result ${ResultCode}` };
  return { status: 200, body: { ResponseCode: "0", ResultCode, ...ids, ...words } };
}

/** Starts one on a free port. */
export async function localDaraja(): Promise<LocalDaraja> {
  const pushes: ArrivedPush[] = [];
  const queries: string[] = [];
  const questions: ArrivedQuestion[] = [];
  const server = createServer((req, res) => {
    void answer(req).then((reply) => send(res, reply));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  async function answer(req: IncomingMessage): Promise<LocalReply> {
    const given = (req.headers.authorization ?? "").replace(/^\w+ /, "");
    if (req.url?.startsWith("/oauth/")) {
      return daraja.onToken(Buffer.from(given, "base64").toString("utf8"));
    }
    const body = JSON.parse(await textOf(req));
    if (req.url?.includes("stkpushquery")) {
      const checkoutRequestId = String(body.CheckoutRequestID);
      queries.push(checkoutRequestId);
      questions.push({
        checkoutRequestId,
        shortcode: String(body.BusinessShortCode),
        token: given,
      });
      return daraja.onQuery(body.CheckoutRequestID);
    }
    const push = arrived(body, given, pushes.length);
    pushes.push(push);
    return daraja.onPush(push, acceptance(push));
  }

  const daraja: LocalDaraja = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pushes,
    queries,
    questions,
    onPush: (_push, accepted) => accepted,
    onQuery: (id) => queryResult(id, "4999"),
    onToken: () => ({ status: 200, body: { access_token: "t".repeat(28), expires_in: "3599" } }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return daraja;
}

/** What turns a house to this Daraja. */
export function darajaEnv(daraja: LocalDaraja): Record<string, string> {
  return {
    MPESA_ENVIRONMENT: "sandbox",
    MPESA_BASE_URL: daraja.url,
    MPESA_CONSUMER_KEY: "key",
    MPESA_CONSUMER_SECRET: "secret",
    MPESA_SHORTCODE: "174379",
    MPESA_PASSKEY: "passkey",
  };
}

function arrived(body: Record<string, unknown>, token: string, count: number): ArrivedPush {
  const phone = String(body.PhoneNumber);
  return {
    checkoutRequestId: `ws_CO_2311202512000${String(count).padStart(4, "0")}${phone.slice(-9)}`,
    phone,
    amount: Number(body.Amount),
    callbackUrl: String(body.CallBackURL),
    shortcode: String(body.BusinessShortCode),
    partyB: String(body.PartyB),
    transactionType: String(body.TransactionType),
    token,
  };
}

function acceptance({ checkoutRequestId }: ArrivedPush): LocalReply {
  const ids = { MerchantRequestID: "m-1", CheckoutRequestID: checkoutRequestId };
  const words = { ResponseDescription: "Success", CustomerMessage: "Success" };
  return { status: 200, body: { ...ids, ResponseCode: "0", ...words } };
}

async function textOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function send(res: ServerResponse, reply: LocalReply): void {
  if (reply === "silence") return;
  if (reply === "hang_up") {
    res.destroy();
    return;
  }
  const text = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
  res.writeHead(reply.status, { "Content-Type": "application/json" }).end(text);
}
