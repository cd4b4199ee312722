const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const base = 58n;

export function base58Of(bytes: Uint8Array): string {
  let remainder = 0n;
  for (const byte of bytes) remainder = remainder * 256n + BigInt(byte);
  let digits = "";
  for (; remainder > 0n; remainder /= base) digits = (alphabet[Number(remainder % base)] ?? "") + digits;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return "1".repeat(zeros < 0 ? bytes.length : zeros) + digits;
}
