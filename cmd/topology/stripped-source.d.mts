/** The text of a source without types. */
export function sourceOf(path: string): string;
