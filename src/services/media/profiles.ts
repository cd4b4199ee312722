/** The renditions one may ask for by name. */
export const profiles = ["240p", "360p", "480p", "720p", "1080p", "1440p", "2160p"] as const;
const names: ReadonlySet<string> = new Set(profiles);

/** The first name that is none of {@link profiles}. Pure. */
export const unknownProfile = (asked: readonly string[]): string | undefined => asked.find((name) => !names.has(name));
