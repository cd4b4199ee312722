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
