const urlLengthMax = 4_096;

/** The normal form of an allowed address. The address its name resolves to is checked at the request. Pure. */
export function addressOf(text: string): string | undefined {
  const url = URL.parse(text.toWellFormed());
  const isAllowed = url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  // The parser has escaped all that the database cannot store.
  return isAllowed && url.href.length <= urlLengthMax ? url.href : undefined;
}
