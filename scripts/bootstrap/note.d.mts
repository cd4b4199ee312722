/** The content of a note file; nothing where it is missing or damaged. */
export function readNote(file: string): Promise<Record<string, unknown>>;
/** Whole or not at all; a folder that cannot be written costs the note only. */
export function writeNote(file: string, note: Readonly<Record<string, unknown>>): Promise<void>;
