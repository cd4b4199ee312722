/**
 * Dotted paths of the text in an input that cannot be stored as it was sent: NUL, which PostgreSQL has no place for, and
 * half of a surrogate pair, which has no UTF-8. Pure.
 */
export function unstorable(value: unknown): string[] {
  const found: string[] = [];
  look(value, "", found);
  return found;
}

function look(value: unknown, path: string, found: string[]): void {
  if (typeof value === "string") {
    if (value.includes("\0") || !value.isWellFormed()) found.push(path);
  } else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) {
    for (const [name, inner] of Object.entries(value))
      if (typeof inner === "string" || typeof inner === "object")
        look(inner, path === "" ? name : `${path}.${name}`, found);
  }
}

/** What makes two spellings of an e-mail address one: case and width. Pure. */
export const emailKey = (email: string): string => email.normalize("NFKC").toLowerCase();

/** What makes two spellings of a name, a tag or a search one: case and width. Pure. */
export const nameKey = (name: string): string => name.normalize("NFKC").toLowerCase().normalize("NFKC");
