import { escaped } from "#kernel/text";
import type { Filled } from "#policy/accent";

/** The first letters of at most two words, or of one without spaces. Pure. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s\p{P}]+/u).filter((word) => word !== "");
  return words
    .slice(0, 2)
    .map((word) => [...word][0]?.toLocaleUpperCase("en") ?? "")
    .join("");
}

/** An icon for an instance without one: its initials on its accent. The margin lets home screens cut any shape. Pure. */
export const initialsIcon = (name: string, { accent, ink }: Filled): string => {
  const initials = initialsOf(name);
  const size = [...initials].length > 1 ? 200 : 260;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><rect width="512" height="512" fill="${accent}"/><text x="256" y="256" dy="0.35em" text-anchor="middle" font-family="Inter, system-ui, sans-serif" font-weight="700" font-size="${size}" fill="${ink}">${escaped(initials)}</text></svg>`;
};
