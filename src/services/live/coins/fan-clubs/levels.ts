/** The experience at which each level begins, from level 1 on. */
const levels: readonly number[] = [
  0, 10, 50, 120, 220, 350, 520, 750, 1_050, 1_450, 2_000, 2_700, 3_600, 4_800, 6_300, 8_200, 10_600, 13_600, 17_400,
  22_200, 28_000, 35_500, 45_000, 57_000, 72_000, 91_000, 115_000, 145_000, 183_000, 230_000,
];
export const levelMax = levels.length;

/** The badges of five levels each. */
const badges = ["Spark", "Lantern", "Comet", "Beacon", "Aurora", "Legend"] as const;
const levelsPerBadge = 5;

/** The level of a member with this experience: 1 to {@link levelMax}. Pure. */
export function levelOf(experience: number): number {
  const above = levels.findIndex((begin) => begin > experience);
  return Math.max(1, above === -1 ? levelMax : above);
}

/** The experience at which a level begins; null beyond the highest. Pure. */
export const beginOf = (level: number): number | null => levels[level - 1] ?? null;

/** The name of the badge of a level; empty where there is none. Pure. */
export const badgeOf = (level: number): string => badges[Math.floor((level - 1) / levelsPerBadge)] ?? "";
