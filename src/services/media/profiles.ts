import { profileNames } from "#media/rung";

const names: ReadonlySet<string> = new Set(profileNames);

/** The first name of which there is no rendition. Pure. */
export const unknownProfile = (asked: readonly string[]): string | undefined => asked.find((name) => !names.has(name));
