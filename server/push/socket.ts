/**
 * Nudges over socket.io: a checkout hears of its one payment, a signed-in person of the merchant's
 * payments. Websocket only, nothing but `{id, version}`; what changed is read over HTTP.
 */
import type { Server as HttpServer } from "node:http";
import { Server, type Socket } from "socket.io";
import {
  type ClientToServer,
  DASHBOARD_NAMESPACE,
  type ServerToClient,
  SOCKET_MESSAGE_MAX_BYTES,
  SOCKET_PATH,
} from "../../shared/push-events.ts";
import type { MerchantId } from "../core/payment.ts";
import type { Push } from "../ports.ts";
import type { Tokens } from "../tokens.ts";

export interface SocketDeps {
  readonly http: HttpServer;
  readonly tokens: Tokens;
  readonly merchantId: MerchantId;
  /** Is this Origin header one of our own addresses? */
  readonly isOwnOrigin: (origin: string | undefined) => boolean;
  /** The session behind a Cookie header, or null. */
  readonly session: (cookie: string | undefined) => Promise<{ readonly idHash: string } | null>;
}

export interface SocketPush extends Push {
  /** Cuts every socket of a session that has ended (contract §8). */
  cutSession(idHash: string): void;
  close(): Promise<void>;
}

/** A handshake that says nothing for this long is dropped. */
const CONNECT_MS = 10_000;

/** Attaches the sockets to the HTTP server. */
export function createSocketPush(deps: SocketDeps): SocketPush {
  const io = new Server<ClientToServer, ServerToClient>(deps.http, {
    path: SOCKET_PATH,
    transports: ["websocket"],
    serveClient: false,
    perMessageDeflate: false,
    maxHttpBufferSize: SOCKET_MESSAGE_MAX_BYTES,
    connectTimeout: CONNECT_MS,
  });
  io.use((socket, next) => admitCheckout(deps, socket, next));
  const dashboard = io.of(DASHBOARD_NAMESPACE);
  dashboard.use((socket, next) => {
    admitPerson(deps, socket, next).catch(next);
  });
  io.on("connection", dropRequest);
  dashboard.on("connection", dropRequest);
  return {
    nudge({ id, merchantId, version }) {
      io.to(paymentRoom(id)).emit("payment", { id, version });
      dashboard.to(merchantRoom(merchantId)).emit("payment", { id, version });
    },
    cutSession: (idHash) => dashboard.in(sessionRoom(idHash)).disconnectSockets(true),
    // The HTTP server is closed by whoever opened it; only the sockets are ours.
    close: async () => {
      io.disconnectSockets(true);
      dashboard.disconnectSockets(true);
      io.engine.close();
    },
  };
}

type Admit = (error?: Error) => void;
type OurSocket = Socket<ClientToServer, ServerToClient>;

/**
 * The upgrade request holds its headers and socket buffers; an idle payer needs neither. Not
 * earlier: a handshake is read from the request when its namespace is joined.
 */
function dropRequest(socket: { readonly conn: { request: unknown } }): void {
  socket.conn.request = null;
}

const paymentRoom = (id: string) => `payment ${id}`;
const merchantRoom = (id: string) => `merchant ${id}`;
const sessionRoom = (idHash: string) => `session ${idHash}`;

/** The checkout token opens one payment's room; a page of another origin may not use it. */
function admitCheckout(deps: SocketDeps, socket: OurSocket, next: Admit): void {
  const { origin } = socket.handshake.headers;
  const token: unknown = socket.handshake.auth.checkoutToken;
  const id = typeof token === "string" ? deps.tokens.paymentOfToken(token) : null;
  if (id === null || (origin !== undefined && !deps.isOwnOrigin(origin))) {
    next(new Error("unauthorised"));
    return;
  }
  socket.join(paymentRoom(id));
  next();
}

/** A browser always sends Origin with an upgrade; without our own it is not our dashboard. */
async function admitPerson(deps: SocketDeps, socket: OurSocket, next: Admit): Promise<void> {
  const { origin, cookie } = socket.handshake.headers;
  const session = deps.isOwnOrigin(origin) ? await deps.session(cookie) : null;
  if (session === null) {
    next(new Error("unauthorised"));
    return;
  }
  await socket.join([merchantRoom(deps.merchantId), sessionRoom(session.idHash)]);
  // A session that ended while it was read was cut before this socket had joined.
  const still = await deps.session(cookie);
  next(still === null ? new Error("unauthorised") : undefined);
}
