/** The server's limit for one list. */
export const domainsMax = 10_000;
const domain = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}$/;

interface Domains {
  readonly domains: readonly string[];
  /** Words that are no domains, as they were typed. */
  readonly refused: readonly string[];
}

/**
 * The domains of a text or a file: one a line, or between commas, without those that come twice. Remarks begin with `#`;
 * `@example.org` and `*.example.org` stand for the domain. Pure.
 */
export function domainsIn(text: string): Domains {
  const words = text
    .split("\n")
    .map((line) => line.replace(/#.*/, ""))
    .flatMap((line) => line.split(/[\s,;]+/))
    .filter((word) => word !== "");
  const named = words.map((word) => ({
    word,
    name: word
      .toLowerCase()
      .replace(/^(?:.*@|\*?\.)/, "")
      .replace(/\.$/, ""),
  }));
  return {
    domains: [...new Set(named.filter(({ name }) => domain.test(name)).map(({ name }) => name))],
    refused: named.filter(({ name }) => !domain.test(name)).map(({ word }) => word),
  };
}
