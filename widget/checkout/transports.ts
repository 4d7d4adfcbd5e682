/** Stands in for engine.io-client's own table in the bundle: the sockets are websocket-only. */
import { WebSocket as websocket } from "engine.io-client";

export const transports = { websocket };
