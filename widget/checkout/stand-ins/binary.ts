/** Stands in for socket.io-parser's binary packets: a nudge is text, and so is all we send. */

/** Nothing that we send is binary. */
export const isBinary = (): boolean => false;
export const hasBinary = isBinary;

/** Never called, since nothing is binary. */
export const deconstructPacket = (packet: unknown): { packet: unknown; buffers: [] } => ({
  packet,
  buffers: [],
});

/** A server that sends binary is not ours: the packet stays as it is, and nobody reads it. */
export const reconstructPacket = (packet: unknown): unknown => packet;
