import { firstCharacters } from "#base/text/characters.ts";

/** The search of an address before a route has read it. */
export type RawSearch = Record<string, unknown>;

/** A positive integer of an address, or nothing. */
const idOf = (value: unknown): number | undefined => {
  const id = typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
};

/** The parameter `$id` of a path; 0 where it is no ID, which no page finds. */
export const idParam = {
  parse: ({ id }: { id: string }) => ({ id: idOf(id) ?? 0 }),
  stringify: ({ id }: { id: number }) => ({ id: String(id) }),
};

/** Search parameters with positive integers; each is absent where it is none. */
export const idSearch =
  <Name extends string>(...names: readonly Name[]) =>
  (search: RawSearch): { [Key in Name]?: number | undefined } => {
    const ids = names.map((name) => [name, idOf(search[name])] as const).filter(([, id]) => id !== undefined);
    return Object.fromEntries(ids) as { [Key in Name]?: number }; // Entries of these names alone.
  };

/** The word of a list that a search parameter has, or nothing. */
export const wordOf = <Word extends string>(words: readonly Word[], value: unknown): Word | undefined =>
  words.find((word) => word === value);

/** The words of a search, without blanks around them; absent if there are none. */
export const textSearch = ({ q }: RawSearch, charactersMax: number): { q?: string } =>
  typeof q === "string" && q.trim() !== "" ? { q: firstCharacters(q.trim(), charactersMax) } : {};

/** The code of an invitation link that was followed to a page. Pure. */
export const invitationSearch = (search: Record<string, unknown>): { invitation?: string } =>
  typeof search["invitation"] === "string" ? { invitation: search["invitation"] } : {};
