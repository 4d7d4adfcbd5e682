/** A Daraja of odd answers: each case has an address of its own below the one server. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { CallKind, OddAnswer } from "./answer-grammar.ts";

export interface OddDaraja {
  /** Where the client of one case points. */
  addressOf(turn: number): string;
  /** Calls to where redirects lead: nobody may follow one. */
  followed(): number;
  close(): Promise<void>;
}

/** How the answer to one call of one case is found. `body` is what the client sent. */
export type Answering = (turn: number, call: CallKind, body: string) => OddAnswer;

const CALLS: readonly (readonly [RegExp, CallKind])[] = [
  [/\/oauth\//, "oauth"],
  [/\/stkpush\//, "push"],
  [/\/stkpushquery\//, "query"],
];

/** Listens on a free loopback port. */
export async function startOddDaraja(answering: Answering): Promise<OddDaraja> {
  let followed = 0;
  const server = createServer((req, res) => {
    take(req, res).catch(() => res.destroy());
  });
  async function take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const path = req.url ?? "";
    const call = CALLS.find(([pattern]) => pattern.test(path))?.[1];
    const turn = /^\/c(\d+)\//.exec(path)?.[1];
    if (call === undefined || turn === undefined) {
      followed += 1;
      res.end();
      return;
    }
    send(res, answering(Number(turn), call, Buffer.concat(chunks).toString("utf8")));
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}`;
  return {
    addressOf: (turn) => `${address}/c${turn}`,
    followed: () => followed,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function send(res: ServerResponse, { status, body, type, transport }: OddAnswer): void {
  const { socket } = res;
  const head = {
    ...(type === "" ? {} : { "Content-Type": type }),
    ...(status >= 300 && status < 400 ? { Location: "/followed" } : {}),
  };
  switch (transport) {
    case "whole":
      res.writeHead(status, head);
      res.end(body);
      return;
    case "short":
      res.writeHead(status, { ...head, "Content-Length": String(body.length + 100) });
      res.write(body, () => socket?.destroy());
      return;
    case "reset":
      socket?.resetAndDestroy();
      return;
    case "reset_midway":
      res.writeHead(status, head);
      res.write(body.subarray(0, body.length / 2), () => socket?.resetAndDestroy());
      return;
    case "garbage":
      socket?.end("HTP/1.1 2OO Okay\r\n\r\n{}");
      return;
    case "never":
      return;
  }
}
