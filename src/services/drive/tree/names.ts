import { longestPrefix } from "#kernel/text";
import { nameUnitsMax, visibleName } from "#policy/file-name";
import { BadName } from "../contract.ts";

/**
 * A name as it is stored, of visible characters alone; undefined where nothing is left, it is too long, a dot or two, or has
 * a slash.
 */
export function nameOf(text: string): string | undefined {
  const name = visibleName(text);
  return name === "" || name.length > nameUnitsMax || /[/\\]|^\.{1,2}$/.test(name) ? undefined : name;
}

/** @throws BadName */
export function requireName(text: string): string {
  const name = nameOf(text);
  if (name === undefined) throw BadName({});
  return name;
}

/**
 * The key by which names are compared, whatever their composition and case. Lower case first, for ẞ to be ß, then upper case, so that ß is ss and
 * every sigma one. Pure.
 */
export const nameKey = (name: string): string =>
  name.normalize("NFC").toLowerCase().toUpperCase().toLowerCase().normalize("NFC");

/** `name (2).ext` for 2: the extension of a file stays, and the whole stays within the length. */
export function appendNumber(name: string, n: number, isFolder: boolean): string {
  const dot = isFolder ? -1 : name.lastIndexOf(".");
  // A leading dot begins no extension, and a tail longer than this is none.
  const at = dot > 0 && name.length - dot <= 32 ? dot : name.length;
  const tail = ` (${n})${name.slice(at)}`;
  return `${longestPrefix(name.slice(0, at), nameUnitsMax - tail.length).trimEnd()}${tail}`;
}

/** The columns of an entry's name. */
export const nameColumns = (userId: number, name: string) => {
  const key = nameKey(name);
  return { name, name_key: key, grams: gramsOf(userId, key) };
};

const candidatesPerRound = 100;

/**
 * The first of `name`, `name (2)`, `name (3)` … that is not taken: of the first hundred, and where those are, of the
 * first hundred after 128, 256, and so on.
 * @param findTaken which of these keys are.
 */
export async function freeName(
  name: string,
  isFolder: boolean,
  findTaken: (keys: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<string> {
  if (!(await findTaken([nameKey(name)])).has(nameKey(name))) return name;
  for (let from = 2; ; from = Math.max(128, from * 2)) {
    const names = Array.from({ length: candidatesPerRound }, (_, i) => appendNumber(name, from + i, isFolder));
    const takenKeys = await findTaken(names.map(nameKey));
    const free = names.find((candidate) => !takenKeys.has(nameKey(candidate)));
    if (free !== undefined) return free;
  }
}

/**
 * Every character and every pair of neighbours in a name's key, each as a number that also depends on the owner: what an
 * index of whole numbers finds names by in any script, without looking at those of others. Numbers may clash, so a row
 * found by them is checked by its name too.
 */
export const gramsOf = (userId: number, key: string): number[] => [
  ...new Set([...singles(key), ...pairs(key)].map((gram) => hashOf(`${userId}:${gram}`))),
];

/** The grams of a query: its pairs are more selective than its characters. */
export const queryGrams = (userId: number, key: string): number[] => {
  const grams = [...key].length > 1 ? pairs(key) : singles(key);
  return [...new Set(grams.map((gram) => hashOf(`${userId}:${gram}`)))];
};

const singles = (key: string): string[] => [...key];
const pairs = (key: string): string[] => {
  const letters = [...key];
  return letters.slice(1).map((letter, i) => `${letters[i]}${letter}`);
};

/** FNV-1a, 32 bits, signed as PostgreSQL's INTEGER is. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}
