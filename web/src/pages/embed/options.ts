/** Options in the address of an embedded player. */
export interface EmbedOptions {
  /** The start of playback, in seconds. */
  readonly startS: number | undefined;
  /** It plays by itself; in silence where the browser asks for a gesture. */
  readonly isAutoplay: boolean;
  /** The accent of its controls, `#rrggbb`. */
  readonly color: string | undefined;
  /** The title with the way to the page stands over the video. */
  readonly hasBranding: boolean;
}

/** Unknown and unusable values count as left out. Pure. */
export function embedOptions(search: string): EmbedOptions {
  const of = new URLSearchParams(search);
  const startS = Number(of.get("start") ?? of.get("t") ?? Number.NaN);
  const [, color] = /^#?([\da-f]{6})$/i.exec(of.get("color") ?? "") ?? [];
  return {
    startS: Number.isFinite(startS) && startS > 0 ? startS : undefined,
    isAutoplay: isOn(of.get("autoplay")),
    color: color === undefined ? undefined : `#${color.toLowerCase()}`,
    hasBranding: !["0", "false"].includes(of.get("branding") ?? ""),
  };
}

const isOn = (value: string | null): boolean => value === "1" || value === "true";
