import { nameKey } from "#kernel/text";
import { HashtagName } from "./contract.ts";

export interface Named {
  readonly key: string;
  readonly name: string;
}

/** The hashtags there can be among these names, each once as first written. Pure. */
export function namedOf(names: readonly string[]): Named[] {
  const found = new Map<string, Named>();
  for (const written of names) {
    const { data: name } = HashtagName.safeParse(written);
    if (name === undefined) continue;
    const key = nameKey(name);
    if (!found.has(key)) found.set(key, { key, name });
  }
  return [...found.values()];
}
