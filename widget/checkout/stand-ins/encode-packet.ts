/**
 * Stands in for engine.io-parser's encoder: text only. The digits are those of the protocol,
 * https://socket.io/docs/v4/engine-io-protocol/#packet-encoding.
 */
const DIGITS = { open: 0, close: 1, ping: 2, pong: 3, message: 4, upgrade: 5, noop: 6 } as const;

interface Packet {
  readonly type: keyof typeof DIGITS;
  readonly data?: string;
}

/** One packet as text, handed to `callback` at once. */
export function encodePacket(
  { type, data }: Packet,
  _supportsBinary: boolean,
  callback: (text: string) => void,
): void {
  callback(DIGITS[type] + (data ?? ""));
}

/** WebTransport's encoder, which the checkout never opens. */
export const encodePacketToBinary = encodePacket;
