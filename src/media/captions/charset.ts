/**
 * Encodings in which captions are written, by the labels of the Encoding Standard, and what most of their letters are. The
 * Unicode encodings need no choice: their bytes show what they are.
 */
const legacy = {
  "windows-1252": /\p{Script=Latin}/u,
  "windows-1250": /\p{Script=Latin}/u,
  "windows-1254": /\p{Script=Latin}/u,
  "windows-1257": /\p{Script=Latin}/u,
  "windows-1258": /\p{Script=Latin}|\p{M}/u,
  "windows-1251": /\p{Script=Cyrillic}/u,
  "koi8-r": /\p{Script=Cyrillic}/u,
  "windows-1253": /\p{Script=Greek}/u,
  "windows-1255": /\p{Script=Hebrew}|\p{M}/u,
  "windows-1256": /\p{Script=Arabic}|\p{M}/u,
  "windows-874": /\p{Script=Thai}/u,
  shift_jis: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}ー]/u,
  "euc-jp": /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}ー]/u,
  "euc-kr": /\p{Script=Hangul}/u,
  gb18030: /\p{Script=Han}/u,
  big5: /\p{Script=Han}/u,
} as const;
export type LegacyEncoding = keyof typeof legacy;
export type CaptionEncoding = LegacyEncoding | "utf-8" | "utf-16le" | "utf-16be";
// Its keys are exactly these.
export const legacyEncodings = Object.keys(legacy) as LegacyEncoding[];

/** The encodings that programs write a language in, the likeliest first; those of the West for every other language. */
const encodingsOf: Readonly<Record<string, readonly LegacyEncoding[]>> = {
  ru: ["windows-1251", "koi8-r"],
  uk: ["windows-1251", "koi8-r"],
  ...ofAll("be bg mk sr kk", "windows-1251"),
  ...ofAll("pl cs sk hu sl hr ro bs sq", "windows-1250"),
  ...ofAll("tr az", "windows-1254"),
  ...ofAll("lt lv et", "windows-1257"),
  ...ofAll("ar fa ur", "windows-1256"),
  vi: ["windows-1258"],
  el: ["windows-1253"],
  he: ["windows-1255"],
  th: ["windows-874"],
  ja: ["shift_jis", "euc-jp"],
  ko: ["euc-kr"],
  zh: ["gb18030", "big5"],
  "zh-Hans": ["gb18030"],
  "zh-Hant": ["big5"],
};
function ofAll(languages: string, encoding: LegacyEncoding): Record<string, LegacyEncoding[]> {
  return Object.fromEntries(languages.split(" ").map((language) => [language, [encoding]]));
}

export interface DecodedCaptions {
  readonly text: string;
  readonly encoding: CaptionEncoding;
  /** The bytes do not show their encoding: a reader of the language has to look at the text. */
  readonly isGuess: boolean;
}

/**
 * The text of a captions file: by its mark, as UTF-16 without one, as UTF-8, else in the first encoding of the language
 * that makes a plausible text. Undefined where none does. Pure.
 * @param language BCP 47, of the captions
 */
export function decodeCaptions(bytes: Uint8Array, language: string): DecodedCaptions | undefined {
  const unicode = unicodeOf(bytes);
  if (unicode !== undefined) {
    const text = decodeAs(bytes, unicode);
    return text === undefined ? undefined : { text, encoding: unicode, isGuess: false };
  }
  const locale = new Intl.Locale(language).maximize();
  const likely = encodingsOf[`${locale.language}-${locale.script}`] ?? encodingsOf[locale.language] ?? ["windows-1252"];
  for (const encoding of likely) {
    const text = decodeAs(bytes, encoding);
    if (text !== undefined && isPlausible(text, encoding)) return { text, encoding, isGuess: true };
  }
  return undefined;
}

/** The text in an encoding that a user chose; undefined where the bytes are none of it. Pure. */
export function decodedAs(bytes: Uint8Array, encoding: LegacyEncoding): DecodedCaptions | undefined {
  const text = decodeAs(bytes, encoding);
  return text === undefined ? undefined : { text, encoding, isGuess: true };
}

function decodeAs(bytes: Uint8Array, encoding: CaptionEncoding): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function unicodeOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  // Times, numbers and line ends of captions are ASCII: half of their bytes in UTF-16 are zero, on one side each.
  const head = bytes.subarray(0, 4_096);
  const zeros = [0, 0];
  for (const [place, byte] of head.entries()) if (byte === 0) zeros[place % 2] = (zeros[place % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (Math.max(even, odd) > head.length / 20) return even > odd ? "utf-16be" : "utf-16le";
  return decodeAs(bytes, "utf-8") === undefined ? undefined : "utf-8";
}

/** Letters beyond ASCII that have to be of the encoding's script. */
const scriptShareMin = 0.95;
/** Words in Latin letters have more of ASCII than of the others; only Vietnamese comes near as many. */
const accentShareMax = 0.5;
/** Sentences are in small letters: another encoding of Cyrillic changes small letters into capitals. */
const smallShareMin = 0.6;

/** True for a text that reads like one that was written in the encoding. Pure. */
export function isPlausible(text: string, encoding: LegacyEncoding): boolean {
  const beyond = text.match(/[^\p{ASCII}\s]/gu) ?? [];
  if (beyond.some((character) => /[\p{Cn}\p{Co}\u0080-\u009f]/u.test(character))) return false;
  const letters = beyond.filter((character) => /\p{L}|\p{M}/u.test(character));
  if (letters.length === 0) return encoding === "windows-1252";
  const ofScript = letters.filter((character) => legacy[encoding].test(character)).length;
  if (ofScript < letters.length * scriptShareMin) return false;
  const ascii = text.replaceAll(/<[^>]{0,100}>|\{[^}]{0,100}\}/g, "").match(/[A-Za-z]/g)?.length ?? 0;
  if (legacy[encoding].test("é"))
    return letters.length <= (letters.length + ascii) * accentShareMax && !/[a-z][\p{Lu}--[A-Z]][a-z]/v.test(text);
  // A letter of such a script here and there is an accent of another encoding.
  if (letters.length < ascii) return false;
  if (encoding === "windows-1251" || encoding === "koi8-r" || encoding === "windows-1253") {
    const small = letters.filter((character) => /\p{Ll}/u.test(character)).length;
    return small >= letters.length * smallShareMin;
  }
  if (encoding === "shift_jis" || encoding === "euc-jp")
    return (
      letters.some((character) => /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(character)) && !isHalfWidth(letters)
    );
  return true;
}

/** Half-width katakana alone are what other encodings look like as Shift_JIS. */
const isHalfWidth = (letters: readonly string[]): boolean =>
  letters.filter((letter) => /[\uff61-\uff9f]/.test(letter)).length > letters.length / 2;
