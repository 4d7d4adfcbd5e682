/**
 * A Daraja that counts: it answers at Daraja's paths and lets the drill say how each push and each
 * query is answered. It lives in the drill's process, so it survives the server's end.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One push as it arrived. */
export interface Push {
  readonly at: number;
  readonly phone: string;
  readonly amount: number;
  readonly accountReference: string;
  readonly callbackUrl: string;
  /** From the callback address. */
  readonly attemptId: string;
  readonly merchantRequestId: string;
  readonly checkoutRequestId: string;
}

/** An answer of Daraja's; `reset` breaks the connection instead. */
export type Said =
  | { readonly kind: "answer"; readonly status: number; readonly body: string }
  | { readonly kind: "reset" };

export interface DarajaPlay {
  /** Called when a push arrives; what it resolves to is answered. */
  push(push: Push): Promise<Said> | Said;
  /** Likewise for a query; "still under processing" when left out. */
  query?(checkoutRequestId: string): Promise<Said> | Said;
}

export interface CountingDaraja {
  readonly address: string;
  /** Number of pushes so far. */
  pushes(): number;
  queries(): number;
  /** Every access token ever given. */
  readonly tokens: readonly string[];
  close(): Promise<void>;
}

/** Listens on a free loopback port. */
export async function startCountingDaraja(play: DarajaPlay): Promise<CountingDaraja> {
  const tokens: string[] = [];
  let pushes = 0;
  let queries = 0;
  const server = createServer((req, res) => {
    answer(req, res).catch(() => res.destroy());
  });

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await bodyOf(req);
    const path = (req.url ?? "").split("?", 1)[0];
    switch (path) {
      case "/oauth/v1/generate": {
        const token = `canaryToken${String(tokens.length).padStart(6, "0")}${Math.random().toString(36).slice(2, 13).padEnd(11, "x")}`;
        tokens.push(token);
        say(res, {
          kind: "answer",
          status: 200,
          body: JSON.stringify({ access_token: token, expires_in: "3599" }),
        });
        return;
      }
      case "/mpesa/stkpush/v1/processrequest":
        pushes += 1;
        say(res, await play.push(pushOf(body, pushes)));
        return;
      case "/mpesa/stkpushquery/v1/query": {
        queries += 1;
        const id = String(JSON.parse(body).CheckoutRequestID);
        say(res, (await play.query?.(id)) ?? queried(id, "4999", "still under processing"));
        return;
      }
      default:
        say(res, { kind: "answer", status: 404, body: '{"errorCode":"404.001.01"}' });
    }
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    pushes: () => pushes,
    queries: () => queries,
    tokens,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function pushOf(body: string, sequence: number): Push {
  const sent: Record<string, unknown> = JSON.parse(body);
  const phone = String(sent.PhoneNumber);
  const callbackUrl = String(sent.CallBackURL);
  const serial = String(sequence).padStart(8, "0");
  return {
    at: performance.now(),
    phone,
    amount: Number(sent.Amount),
    accountReference: String(sent.AccountReference),
    callbackUrl,
    attemptId: callbackUrl.split("/").at(-2) ?? "",
    merchantRequestId: `29115-${serial}-1`,
    checkoutRequestId: `ws_CO_1011202612${serial}${phone.slice(-9)}`,
  };
}

/** 200 with both ids. */
export function accepted(push: Push): Said {
  const text = "Success. Request accepted for processing";
  const body = JSON.stringify({
    MerchantRequestID: push.merchantRequestId,
    CheckoutRequestID: push.checkoutRequestId,
    ResponseCode: "0",
    ResponseDescription: text,
    CustomerMessage: text,
  });
  return { kind: "answer", status: 200, body };
}

/** Daraja's own error envelope. */
export function refused(status: number, errorCode: string, errorMessage: string): Said {
  const body = JSON.stringify({ requestId: "16813-1590513-1", errorCode, errorMessage });
  return { kind: "answer", status, body };
}

/** A query's answer. */
export function queried(checkoutRequestId: string, code: string, description: string): Said {
  const body = JSON.stringify({
    ResponseCode: "0",
    ResponseDescription: "The service request has been accepted successsfully",
    MerchantRequestID: "22205-34066-1",
    CheckoutRequestID: checkoutRequestId,
    ResultCode: code,
    ResultDesc: description,
  });
  return { kind: "answer", status: 200, body };
}

function say(res: ServerResponse, said: Said): void {
  if (said.kind === "reset") {
    res.socket?.resetAndDestroy();
    return;
  }
  res.writeHead(said.status, { "Content-Type": "application/json" });
  res.end(said.body);
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
