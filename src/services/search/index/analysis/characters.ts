/** The classes of characters for the analyser. */
export const other = 0;
/** A letter, mark or digit of a script with spaces between words. */
export const letter = 1;
/** A character of a script that writes words without spaces, or of Hangul, whose words carry their particles. */
export const dense = 2;
export const pictograph = 3;

const scripts = ["Han", "Hiragana", "Katakana", "Hangul", "Thai", "Lao", "Khmer", "Myanmar"];
const isDense = new RegExp(`[${scripts.map((script) => String.raw`\p{Script=${script}}`).join("")}ー々〆〇]`, "u");
const isLetter = /[\p{L}\p{M}\p{N}]/u;
// Regional indicators stand in pairs for flags.
const isPictograph = /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u;

function classify(character: string): number {
  if (isLetter.test(character)) return isDense.test(character) ? dense : letter;
  return isPictograph.test(character) ? pictograph : other;
}

/** One byte for each character of the basic plane, made at the first use: a regular expression for each is too slow. */
let plane: Uint8Array | undefined;
function basicPlane(): Uint8Array {
  plane ??= Uint8Array.from({ length: 0x10000 }, (_, code) => classify(String.fromCharCode(code)));
  return plane;
}

/** The class of a code point. */
export const characterClass = (code: number): number =>
  code < 0x10000 ? (basicPlane()[code] ?? other) : classify(String.fromCodePoint(code));

/** UTF-16 units of a code point. */
export const unitsOf = (code: number): number => (code > 0xffff ? 2 : 1);
