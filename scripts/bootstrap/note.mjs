import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** The content of a note file; nothing where it is missing or damaged, since a note can always be made again. */
export async function readNote(file) {
  try {
    const note = JSON.parse(await readFile(file, "utf8"));
    return typeof note === "object" && note !== null ? note : {};
  } catch {
    return {};
  }
}

/** Whole or not at all, also when the process is killed; a folder that cannot be written costs the note only. */
export async function writeNote(file, note) {
  const draft = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true })
    .then(() => writeFile(draft, JSON.stringify(note)))
    .then(() => rename(draft, file))
    .catch(() => undefined);
}
