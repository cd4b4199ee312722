import type { MemoryRow } from "../documents/memory-store.ts";

/** Models read some hundred words; what is longer is cut or refused. */
const unitsMax = 1_500;

/** The text of a video that a model reads: its title, tags and description, and the beginning of its captions. Pure. */
export function embeddedText({ title, tags, hashtags, description, captions }: MemoryRow): string {
  const names = [...tags, ...hashtags].join(", ");
  const lines = [title, names, description.slice(0, unitsMax), (captions ?? "").slice(0, unitsMax)];
  return lines
    .filter((line) => line.trim() !== "")
    .join("\n")
    .slice(0, unitsMax)
    .toWellFormed();
}
