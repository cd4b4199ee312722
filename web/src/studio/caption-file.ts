const codes = [
  "en",
  "zh-Hans",
  "zh-Hant",
  "es",
  "hi",
  "ar",
  "pt",
  "bn",
  "ru",
  "ja",
  "ko",
  "de",
  "fr",
  "tr",
  "vi",
  "it",
];
const more = [
  "th",
  "pl",
  "uk",
  "nl",
  "id",
  "fa",
  "ms",
  "el",
  "cs",
  "sv",
  "ro",
  "hu",
  "he",
  "fi",
  "da",
  "nb",
  "ur",
  "ta",
];

/** The languages captions are offered in, each as those who speak it call it. */
export const captionLanguages: readonly { readonly code: string; readonly name: string }[] = [...codes, ...more].map(
  (code) => {
    const name = new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
    return { code, name: name.charAt(0).toLocaleUpperCase(code) + name.slice(1) };
  },
);

/** The default for a user who reads the app in `language`. Pure. */
export const languageIn = (language: string): string =>
  language.startsWith("zh") ? (/-(?:TW|HK|MO|Hant)/.test(language) ? "zh-Hant" : "zh-Hans") : "en";

/**
 * The text of a captions file: UTF-8 or UTF-16 with its mark; else what old programs wrote where Chinese is read, if the
 * bytes are that; else one byte a letter, as Windows does in Russian or in the West. Pure.
 */
export function decodeCaptions(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  for (const encoding of ["utf-8", "gb18030"]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // Not that one.
    }
  }
  return new TextDecoder("windows-1252").decode(bytes);
}
