/**
 * Nudges over socket.io: a checkout hears of its one payment, a signed-in person of every
 * payment. Websocket only, nothing but `{id, version}`; what changed is read over HTTP.
 */
import type { Server as HttpServer, IncomingMessage } from "node:http";
import { type Namespace, Server, type Socket } from "socket.io";
import {
  type ClientToServer,
  DASHBOARD_NAMESPACE,
  type ServerToClient,
  SOCKET_MESSAGE_MAX_BYTES,
  SOCKET_PATH,
} from "../../shared/push-events.ts";
import type { UserId } from "../core/payment.ts";
import type { Clock, Push } from "../ports.ts";
import type { Tokens } from "../tokens.ts";
import { createSeats, type Seats } from "./seats.ts";
import { waitingRoom } from "./waiting-room.ts";

export interface SocketDeps {
  readonly http: HttpServer;
  readonly tokens: Tokens;
  /** Is this Origin header one of our own addresses? */
  readonly isOwnOrigin: (origin: string | undefined) => boolean;
  /** The session behind a Cookie header, or null. */
  readonly session: (
    cookie: string | undefined,
  ) => Promise<{ readonly userId: UserId; readonly idHash: string } | null>;
  /** Is this session still good? Asking does not make it last longer. */
  readonly sessionLives: (idHash: string) => Promise<boolean>;
  readonly clock: Clock;
  /** Which network a handshake comes from, behind trusted proxies. */
  readonly networkOf: (request: IncomingMessage) => string;
}

export interface SocketPush extends Push {
  /** Cuts every socket of a session that has ended (contract §8). */
  cutSession(idHash: string): void;
  /** Cuts every socket of a person, but those of the session `but`. */
  cutPerson(userId: UserId, but: string | null): void;
  close(): Promise<void>;
}

/** A handshake that says nothing for this long is dropped. */
const CONNECT_MS = 10_000;
/** A session that ran out hears of nothing new after this long at most. */
const SESSIONS_EVERY_MS = 30_000;

/** Attaches the sockets to the HTTP server. */
export function createSocketPush(deps: SocketDeps): SocketPush {
  const waiting = waitingRoom(deps.networkOf);
  const io = new Server<ClientToServer, ServerToClient>(deps.http, {
    path: SOCKET_PATH,
    transports: ["websocket"],
    serveClient: false,
    perMessageDeflate: false,
    maxHttpBufferSize: SOCKET_MESSAGE_MAX_BYTES,
    connectTimeout: CONNECT_MS,
    allowRequest: (request, answer) => answer(null, waiting.hasRoomFor(request)),
  });
  waiting.watch(io);
  const payers = createSeats(waiting.networkOf);
  io.use((socket, next) => admitCheckout(deps, payers, socket, next));
  const dashboard = io.of(DASHBOARD_NAMESPACE);
  // Seats of their own: no crowd of customers keeps the shop's people out.
  const people = createSeats(waiting.networkOf);
  dashboard.use((socket, next) => {
    admitPerson(deps, people, socket, next).catch(next);
  });
  for (const namespace of [io, dashboard]) {
    namespace.on("connection", (socket: OurSocket) => {
      waiting.joined(socket.conn);
      dropRequest(socket);
    });
  }
  const cutSession = (idHash: string) => {
    dashboard.in(sessionRoom(idHash)).disconnectSockets(true);
  };
  const closing = new AbortController();
  const watching = everySoOften(deps.clock, closing.signal, async () => {
    for (const idHash of sessionsIn(dashboard)) {
      if (!(await deps.sessionLives(idHash))) cutSession(idHash);
    }
  });
  return {
    nudge({ id, version }) {
      io.to(paymentRoom(id)).emit("payment", { id, version });
      dashboard.to(PEOPLE_ROOM).emit("payment", { id, version });
    },
    cutSession,
    cutPerson(userId, but) {
      const all = dashboard.in(personRoom(userId));
      (but === null ? all : all.except(sessionRoom(but))).disconnectSockets(true);
    },
    // The HTTP server is closed by whoever opened it; only the sockets are ours.
    close: async () => {
      io.disconnectSockets(true);
      dashboard.disconnectSockets(true);
      io.engine.close();
      closing.abort();
      await watching;
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
/** Whoever is signed in sees the payments of every merchant here. */
const PEOPLE_ROOM = "people";
const personRoom = (id: string) => `person ${id}`;
const SESSION_ROOM = "session ";
const sessionRoom = (idHash: string) => SESSION_ROOM + idHash;

/** Every session that holds a socket here. */
function sessionsIn(dashboard: Namespace): readonly string[] {
  const rooms = [...dashboard.adapter.rooms.keys()];
  return rooms
    .filter((room) => room.startsWith(SESSION_ROOM))
    .map((room) => room.slice(SESSION_ROOM.length));
}

/** Runs again and again until told to stop; a run that fails is tried again at its next time. */
async function everySoOften(clock: Clock, stop: AbortSignal, run: () => Promise<void>) {
  while (!stop.aborted) {
    await clock.sleep(SESSIONS_EVERY_MS, stop).catch(() => undefined);
    if (!stop.aborted) await run().catch(() => undefined);
  }
}

/** What a refused page is told, beside `unauthorised`. */
const ASKED_BEFORE = "asked before";
const NO_SEAT = "no seat";

/** The checkout token opens one payment's room; a page of another origin may not use it. */
function admitCheckout(deps: SocketDeps, seats: Seats, socket: OurSocket, next: Admit): void {
  if (seats.askedBefore(socket.conn)) {
    next(new Error(ASKED_BEFORE));
    return;
  }
  const { origin } = socket.handshake.headers;
  const token: unknown = socket.handshake.auth.checkoutToken;
  const id = typeof token === "string" ? deps.tokens.paymentOfToken(token) : null;
  if (id === null || (origin !== undefined && !deps.isOwnOrigin(origin))) {
    next(new Error("unauthorised"));
    return;
  }
  const room = paymentRoom(id);
  if (!seats.take(socket.conn, room)) {
    next(new Error(NO_SEAT));
    return;
  }
  socket.join(room);
  next();
}

/** A browser always sends Origin with an upgrade; without our own it is not our dashboard. */
async function admitPerson(
  deps: SocketDeps,
  seats: Seats,
  socket: OurSocket,
  next: Admit,
): Promise<void> {
  if (seats.askedBefore(socket.conn)) return next(new Error(ASKED_BEFORE));
  const { origin, cookie } = socket.handshake.headers;
  const session = deps.isOwnOrigin(origin) ? await deps.session(cookie) : null;
  if (session === null) {
    next(new Error("unauthorised"));
    return;
  }
  const { userId, idHash } = session;
  if (!seats.take(socket.conn, personRoom(userId))) return next(new Error(NO_SEAT));
  await socket.join([PEOPLE_ROOM, personRoom(userId), sessionRoom(idHash)]);
  // A session that ended while it was read was cut before this socket had joined.
  const still = await deps.session(cookie);
  next(still === null ? new Error("unauthorised") : undefined);
}
