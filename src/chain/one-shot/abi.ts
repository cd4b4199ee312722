import { joinBytes } from "../bytes.ts";
import { numberOf, wordBytes, wordOf } from "../word.ts";

/** An argument of any length, which stands behind the words of all arguments. */
export interface Dynamic {
  readonly tail: Uint8Array;
}

/** Arguments in the encoding of contracts. A word stands for itself (Solidity ABI specification, "Formal specification"). */
export function encodeArguments(values: readonly (Uint8Array | Dynamic)[]): Uint8Array {
  let offset = values.length * wordBytes;
  const heads: Uint8Array[] = [];
  const tails: Uint8Array[] = [];
  for (const value of values) {
    if (value instanceof Uint8Array) {
      heads.push(value);
      continue;
    }
    heads.push(wordOf(BigInt(offset)));
    tails.push(value.tail);
    offset += value.tail.length;
  }
  return joinBytes(...heads, ...tails);
}

export const dynamicBytes = (bytes: Uint8Array): Dynamic => ({
  tail: joinBytes(wordOf(BigInt(bytes.length)), bytes, new Uint8Array(-bytes.length & (wordBytes - 1))),
});
export const dynamicTuple = (values: readonly (Uint8Array | Dynamic)[]): Dynamic => ({ tail: encodeArguments(values) });
export const dynamicList = (values: readonly Dynamic[]): Dynamic => ({
  tail: joinBytes(wordOf(BigInt(values.length)), encodeArguments(values)),
});

/** The byte string that the argument at this place points at; undefined where it does not lie within the bytes. */
export function bytesArgument(bytes: Uint8Array, place: number): Uint8Array | undefined {
  const offset = sizeAt(bytes, place * wordBytes);
  const length = offset === undefined ? undefined : sizeAt(bytes, offset);
  if (offset === undefined || length === undefined) return undefined;
  const begin = offset + wordBytes;
  return begin + length <= bytes.length ? bytes.subarray(begin, begin + length) : undefined;
}

function sizeAt(bytes: Uint8Array, offset: number): number | undefined {
  if (offset + wordBytes > bytes.length) return undefined;
  const size = numberOf(bytes.subarray(offset, offset + wordBytes));
  return size <= bytes.length ? Number(size) : undefined;
}
