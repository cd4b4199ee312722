/** Letters of other scripts that look like a Latin one (Unicode UTS #39, the lower-case ones used for impersonation). */
const lookalikes: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ["a", "аɑα"],
    ["b", "ьƅ"],
    ["c", "сϲ"],
    ["d", "ԁ"],
    ["e", "еҽ"],
    ["g", "ɡ"],
    ["h", "һ"],
    ["i", "іιıӏǀl1|"],
    ["j", "ј"],
    ["k", "κк"],
    ["m", "м"],
    ["n", "ո"],
    ["o", "оοօ0"],
    ["p", "рρ"],
    ["q", "ԛ"],
    ["r", "г"],
    ["s", "ѕ"],
    ["t", "т"],
    ["u", "υս"],
    ["v", "ν"],
    ["w", "ԝ"],
    ["x", "х"],
    ["y", "у"],
  ].flatMap(([latin = "", lookalikes = ""]) => [...lookalikes].map((lookalike) => [lookalike, latin])),
);

const allowed = /^(?=.*[\p{L}\p{N}])[\p{L}\p{N}\p{M}_][\p{L}\p{N}\p{M}._ -]*$/u;
const invisible = /[\p{Cf}\p{Cc}\p{Zs}\p{Zl}\p{Zp}]/gu;

/** Equal for spellings that differ in case, width, spaces, invisible characters or look-alike letters (security S3.5). */
export function nameKey(name: string): string {
  const folded = name.normalize("NFKC").toLowerCase().replaceAll(invisible, "");
  return [...folded].map((letter) => lookalikes[letter] ?? letter).join("");
}

/**
 * True for a valid name: 3 to 50 letters or digits of any script, with underscores, and with dots, dashes and spaces
 * between.
 */
export const isName = (name: string): boolean => allowed.test(name.normalize("NFKC")) && [...nameKey(name)].length >= 3;
