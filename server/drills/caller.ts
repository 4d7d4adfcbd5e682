/** An HTTP client on kept-alive loopback connections; it never rejects. */
import { Agent, request } from "node:http";

export interface Call {
  readonly method?: "GET" | "POST";
  readonly path: string;
  /** An object is sent as JSON; text and bytes as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  /** 0 when no whole answer came: refused, reset, or the time ran out. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: drills read answers by field and check each one
  readonly body: any;
}

export interface Caller {
  call(call: Call): Promise<Answer>;
  close(): void;
}

const PATIENCE_MS = 30_000;

/** @param origin a loopback address, for example http://127.0.0.1:4100; any other is refused. */
export function createCaller(origin: string): Caller {
  const { hostname, port } = new URL(origin);
  if (hostname !== "127.0.0.1") throw new TypeError("drills call 127.0.0.1 only");
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    call: (call) => send(agent, Number(port), call),
    close: () => agent.destroy(),
  };
}

/** @param again true when a kept connection was closed by the server in the very moment of its use. */
function send(agent: Agent, port: number, call: Call, again = false): Promise<Answer> {
  const bytes = bytesOf(call.body);
  const json = call.body !== undefined && !Buffer.isBuffer(call.body);
  return new Promise((resolve) => {
    const broken = () => resolve({ status: 0, headers: {}, text: "", body: null });
    const outgoing = request({
      host: "127.0.0.1",
      port,
      agent,
      path: call.path,
      method: call.method ?? (call.body === undefined ? "GET" : "POST"),
      timeout: PATIENCE_MS,
      headers: {
        ...(json ? { "Content-Type": "application/json" } : {}),
        "Content-Length": String(bytes.length),
        ...call.headers,
      },
    });
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("close", broken);
      incoming.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const { headers, statusCode = 0 } = incoming;
        resolve({ status: statusCode, headers, text, body: parsed(text) });
      });
    });
    outgoing.on("timeout", () => outgoing.destroy());
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      const idle = outgoing.reusedSocket && error.code === "ECONNRESET" && !again;
      if (idle) resolve(send(agent, port, call, true));
      else broken();
    });
    outgoing.end(bytes);
  });
}

function bytesOf(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
