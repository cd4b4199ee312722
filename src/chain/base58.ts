const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const base = 58n;

export function base58Of(bytes: Uint8Array): string {
  let remainder = BigInt(`0x0${Buffer.from(bytes).toString("hex")}`);
  let digits = "";
  for (; remainder > 0n; remainder /= base) digits = (alphabet[Number(remainder % base)] ?? "") + digits;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return "1".repeat(zeros < 0 ? bytes.length : zeros) + digits;
}

/** Undefined unless the text is exactly that many bytes in their only form. */
export function bytesOfBase58(text: string, length: number): Uint8Array | undefined {
  // A byte takes at most 1.37 digits, so that a long text costs nothing.
  if (text.length > Math.ceil(length * 1.4)) return undefined;
  let value = 0n;
  for (const letter of text) {
    const digit = alphabet.indexOf(letter);
    if (digit < 0) return undefined;
    value = value * base + BigInt(digit);
  }
  if (value >= 256n ** BigInt(length)) return undefined;
  const bytes = new Uint8Array(Buffer.from(value.toString(16).padStart(2 * length, "0"), "hex"));
  return base58Of(bytes) === text ? bytes : undefined;
}
