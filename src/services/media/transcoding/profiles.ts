import { profileNames } from "#media/renditions/rung";

const names: ReadonlySet<string> = new Set(profileNames);

/** The first name that is no profile. Pure. */
export const unknownProfile = (requested: readonly string[]): string | undefined =>
  requested.find((name) => !names.has(name));
