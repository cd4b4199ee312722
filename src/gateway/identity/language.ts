import type { Language } from "#kernel";

const isSpoken = (tag: string): tag is Language => tag === "en" || tag === "zh";

/** The language of the interface that an `Accept-Language` (RFC 9110 §12.5.4) prefers; undefined for none of them. Pure. */
export function preferredLanguage(header: string | undefined): Language | undefined {
  const ranges = (header ?? "")
    .slice(0, 200)
    .split(",")
    .map((range) => {
      const [tag = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
      return { language: tag.split("-")[0] ?? "", weight: weight === undefined ? 1 : Number(weight) };
    });
  return ranges
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ language }) => language)
    .find(isSpoken);
}
