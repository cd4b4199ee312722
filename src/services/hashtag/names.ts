import { nameKey } from "#kernel/text";
import { HashtagName } from "./contract.ts";

export interface KeyedName {
  readonly key: string;
  readonly name: string;
}

/** The valid hashtags among these names, each once as first written. Pure. */
export function keyedNamesOf(names: readonly string[]): KeyedName[] {
  const byKey = new Map<string, KeyedName>();
  for (const written of names) {
    const { data: name } = HashtagName.safeParse(written);
    if (name === undefined) continue;
    const key = nameKey(name);
    if (!byKey.has(key)) byKey.set(key, { key, name });
  }
  return [...byKey.values()];
}
