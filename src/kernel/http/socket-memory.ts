import type { IncomingMessage } from "node:http";
import { Socket } from "node:net";

/** Smaller ones share their memory with others, or cost less than the freeing. */
const ownBytesMin = 32 * 1_024;

/**
 * Immediately frees the memory of bytes that came from a socket and are used up. Each read allocates 64 KiB outside the
 * heap, and the collector is called for every few dozen MiB of them: on a grown heap that costs more than all else an
 * upload does. The caller knows that nothing else refers to these bytes.
 */
function free(bytes: Buffer): void {
  const { buffer, byteLength } = bytes;
  if (byteLength < ownBytesMin || buffer.byteLength !== byteLength || !(buffer instanceof ArrayBuffer)) return;
  buffer.transfer(0);
}

/** For the bytes of a request: {@link free} where they came from a socket, nothing where a test made them. */
export const spentOf = ({ socket }: Pick<IncomingMessage, "socket">): ((bytes: Buffer) => void) =>
  socket instanceof Socket ? free : () => undefined;
