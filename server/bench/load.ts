/** The load client: posts over kept-alive connections, each asking again once it was answered. */
import { connect, type Socket } from "node:net";
import type { Post } from "./posts.ts";

export interface LoadOrder {
  readonly port: number;
  readonly connections: number;
  readonly posts: readonly Post[];
  /** Nothing is sent any more after this. */
  readonly patienceMs: number;
}

export interface LoadResult {
  /** Receipts of the posts that were answered 200. */
  readonly acknowledged: readonly string[];
  /** Answers of another status. */
  readonly refused: number;
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
}

/** No answer for this long is a fault of the server. */
const ANSWER_PATIENCE_MS = 10_000;
const HEAD_END = "\r\n\r\n";

/** Sends every post once, `connections` at a time. Rejects when a connection breaks. */
export async function load(order: LoadOrder): Promise<LoadResult> {
  const requests = order.posts.map((post) => ({ bytes: requestOf(post), receipt: post.receipt }));
  const lines = await Promise.all(
    Array.from({ length: order.connections }, () => openLine(order.port)),
  );
  const acknowledged: string[] = [];
  const latenciesMs: number[] = [];
  const queue = requests.values();
  const startedAt = performance.now();
  await Promise.all(
    lines.map(async (line) => {
      for (const { bytes, receipt } of queue) {
        const sentAt = performance.now();
        if (sentAt - startedAt > order.patienceMs) return;
        const status = await line.ask(bytes);
        latenciesMs.push(performance.now() - sentAt);
        if (status === 200) acknowledged.push(receipt);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const line of lines) line.close();
  const refused = latenciesMs.length - acknowledged.length;
  return { acknowledged, refused, seconds, latenciesMs };
}

function requestOf({ path, body }: Post): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    "Host: 127.0.0.1",
    "User-Agent: ReactorNetty/1.2.9",
    "Content-Type: application/json;charset=UTF-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(head.join("\r\n") + HEAD_END + body);
}

interface Line {
  /** @returns the status of the answer. */
  ask(request: Buffer): Promise<number>;
  close(): void;
}

/** One connection. Raw sockets, because node:http as a client costs more than the servers measured. */
async function openLine(port: number): Promise<Line> {
  const socket: Socket = await new Promise((resolve, reject) => {
    const opening = connect({ port, host: "127.0.0.1", noDelay: true }, () => resolve(opening));
    opening.once("error", reject);
  });
  let received = "";
  let answer: (status: number) => void = () => {};
  let fail: (error: Error) => void = () => {};
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
    const status = statusOf(received);
    if (status === null) return;
    received = "";
    answer(status);
  });
  socket.on("error", (error) => fail(error));
  socket.on("close", () => fail(new Error("the server closed a connection")));
  socket.setTimeout(ANSWER_PATIENCE_MS, () => socket.destroy(new Error("no answer came")));
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        answer = resolve;
        fail = reject;
        socket.write(request, (error) => {
          if (error) reject(error);
        });
      }),
    close: () => socket.end(),
  };
}

/** The status once the whole answer is there, else null. Every server here sends a Content-Length. */
function statusOf(text: string): number | null {
  const headEnd = text.indexOf(HEAD_END);
  if (headEnd < 0) return null;
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
  if (length === undefined) throw new Error("an answer came without Content-Length");
  if (text.length < headEnd + HEAD_END.length + Number(length)) return null;
  return Number(text.slice("HTTP/1.1 ".length, "HTTP/1.1 ".length + 3));
}
