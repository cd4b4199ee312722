import type { CSSProperties } from "react";
// The server's rule: what the page shows while a colour is chosen is what the server will make of it.
import { defaultAccent, defaultTheme, type Theme, themeOf } from "../../../../src/policy/accent.ts";

/** Accents to choose from, each with the key of its name. The first is the app's own. */
export const offeredAccents = [
  { name: "coral", accent: defaultAccent },
  { name: "orange", accent: "#f0921e" },
  { name: "yellow", accent: "#d9b32e" },
  { name: "green", accent: "#4cc36b" },
  { name: "teal", accent: "#2ec5c5" },
  { name: "blue", accent: "#3ba3f8" },
  { name: "violet", accent: "#9b7bfa" },
  { name: "pink", accent: "#f062b0" },
] as const;

export const isColour = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text);

/** A typed colour as the server takes it: `2F7DE1` is `#2f7de1`. */
export const colourOf = (typed: string): string => {
  const text = typed.trim().toLowerCase();
  return /^[0-9a-f]{6}$/.test(text) ? `#${text}` : text;
};

/** The colours of an accent in both themes; null where it is no colour, or has too little contrast in one of them. */
export function accentTheme(accent: string): Theme | null {
  if (accent === defaultAccent) return defaultTheme;
  return isColour(accent) ? (themeOf(accent) ?? null) : null;
}

/** Gives an element, and all that is in it, the accent of a theme. */
export const accentStyle = ({ dark, light }: Theme): CSSProperties => ({
  "--site-accent-dark": dark.accent,
  "--site-ink-dark": dark.ink,
  "--site-accent-light": light.accent,
  "--site-ink-light": light.ink,
});
