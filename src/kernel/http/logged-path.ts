/** A route's pattern with the ids of one request: whatever else a stranger writes into an address may be a secret (security S8.3). */
export function loggedPath(pattern: string, params: Readonly<Record<string, string>>): string {
  const parts = partsOf(pattern);
  if (parts.length === 1) return pattern;
  let logged = "";
  for (const [n, part] of parts.entries()) {
    const value = n % 2 === 0 ? part : (params[part] ?? "");
    logged += n % 2 === 0 || isId.test(value) ? value : `:${part}`;
  }
  return logged;
}
const isId = /^\d{1,16}$/;

/** A pattern's literal parts and, between them, the names of its parameters; each pattern is taken apart once. */
function partsOf(pattern: string): readonly string[] {
  const segments = takenApart.get(pattern) ?? pattern.split(/:(\w+)/);
  takenApart.set(pattern, segments);
  return segments;
}
const takenApart = new Map<string, readonly string[]>();
