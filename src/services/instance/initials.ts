import { escapeXml } from "#kernel/text";
import type { Filled } from "#policy/accent";
import { initialsOf } from "#policy/initials";

/** An icon for an instance without one: its initials on its accent. The margin lets home screens cut any shape. Pure. */
export const initialsIcon = (name: string, { accent, ink }: Filled): string => {
  const initials = initialsOf(name);
  const size = [...initials].length > 1 ? 200 : 260;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><rect width="512" height="512" fill="${accent}"/><text x="256" y="256" dy="0.35em" text-anchor="middle" font-family="Inter, system-ui, sans-serif" font-weight="700" font-size="${size}" fill="${ink}">${escapeXml(initials)}</text></svg>`;
};
