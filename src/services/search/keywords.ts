import { EmptyKeyword } from "./contract.ts";

const lettersMin = 2;
const lettersMax = 50;

/** A keyword as it is stored: without the space around and inside it. Pure. */
export const keywordOf = (text: string): string => text.normalize("NFC").trim().replace(/\s+/gu, " ");

/** The keyword of a search request; `keyword` is an older name of `q`. Pure. @throws EmptyKeyword where it is empty */
export function requestedKeyword({
  q = "",
  keyword = "",
}: {
  readonly q?: string | undefined;
  readonly keyword?: string | undefined;
}): string {
  const requested = keywordOf(q) || keywordOf(keyword);
  if (requested === "") throw EmptyKeyword({});
  return requested;
}

/**
 * True if a keyword may be shown to other users: neither a letter nor a whole paragraph, and nothing like an e-mail
 * address or a phone number. Pure.
 */
export function isDisplayable(key: string): boolean {
  const { length } = [...key];
  if (length < lettersMin || length > lettersMax || /[@/\\]/.test(key)) return false;
  return key.replace(/\P{N}/gu, "").length < 7 && /[\p{L}\p{N}]/u.test(key);
}
