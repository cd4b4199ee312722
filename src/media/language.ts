const undetermined = new Set(["und", "mul", "mis", "zxx"]);
const tag = /^[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?$/;

/** BCP 47 of what a file calls a language, be it `eng`, `ger`, `zho` or `pt-BR`; undefined for what names none. Pure. */
export function languageOf(said: string | undefined): string | undefined {
  if (said === undefined || !tag.test(said) || undetermined.has(said.slice(0, 3).toLowerCase())) return undefined;
  try {
    return Intl.getCanonicalLocales(said)[0];
  } catch {
    return undefined;
  }
}

/** A language as those who speak it call it. Pure. */
export function languageName(language: string): string {
  const name = new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

const titleCharactersMax = 60;

/** A file's name of one of its tracks, as one readable line; undefined where nothing is left. Pure. */
export function titleOf(said: string | undefined): string | undefined {
  const plain = said
    ?.toWellFormed()
    .normalize("NFC")
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .slice(0, titleCharactersMax)
    .toWellFormed();
  return plain === "" ? undefined : plain;
}
