const notKept = /\0|\p{Surrogate}/u;

/**
 * Dotted paths of the text in an input that cannot be stored as it was sent: NUL, which PostgreSQL has no place for, and
 * half of a surrogate pair, which has no UTF-8. Pure.
 */
export function unstorable(value: unknown, path = ""): string[] {
  if (typeof value === "string") return notKept.test(value) ? [path] : [];
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => unstorable(inner, path === "" ? name : `${path}.${name}`));
}

/** What makes two spellings of an e-mail address one: case and width. Pure. */
export const emailKey = (email: string): string => email.normalize("NFKC").toLowerCase();
