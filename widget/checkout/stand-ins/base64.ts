/** Stands in for engine.io-parser's base64: only polling carries binary as text. */

/** An empty body; packets of this kind do not reach a websocket. */
export const decode = (): ArrayBuffer => new ArrayBuffer(0);
