const [finalText, finalBinary] = [0x81, 0x82] as const;
const [length16, length64] = [126, 127] as const;

/**
 * A whole message as a server's frame (RFC 6455 §5.2). It is written once for all sockets: by a library that writes the
 * header for each of them, a message to 5,000 sockets costs twice the time in this process.
 */
export function frameOfMessage(message: Uint8Array, isBinary: boolean): Buffer {
  const { byteLength } = message;
  const headerBytes = byteLength < length16 ? 2 : byteLength < 2 ** 16 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerBytes + byteLength);
  frame[0] = isBinary ? finalBinary : finalText;
  if (headerBytes === 2) frame[1] = byteLength;
  else if (headerBytes === 4) {
    frame[1] = length16;
    frame.writeUInt16BE(byteLength, 2);
  } else {
    frame[1] = length64;
    frame.writeBigUInt64BE(BigInt(byteLength), 2);
  }
  frame.set(message, headerBytes);
  return frame;
}
