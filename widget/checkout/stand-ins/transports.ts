/** Stands in for engine.io-client's own table of transports: the sockets are websocket-only. */
import { WebSocket as WebSocketTransport } from "engine.io-client";

export const transports = {
  /** Read late: engine.io-client imports this table before it has made the class. */
  get websocket() {
    return WebSocketTransport;
  },
};
