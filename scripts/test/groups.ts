/** Groups of test files that share a process, by their texts. Pure. */
export const groupsOf = (texts: ReadonlyMap<string, string>): string[][] => [...texts.keys()].map((file) => [file]);
