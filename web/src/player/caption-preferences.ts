import { useSyncExternalStore } from "react";
import { captionCss, type CaptionStyle, captionStyleOf, usualCaptionStyle } from "./caption-style.ts";

const key = "kinora.caption-style";
const watchers = new Set<() => void>();
let current = read();
let sheet: CSSStyleSheet | null = null;

function read(): CaptionStyle {
  try {
    return captionStyleOf(JSON.parse(localStorage.getItem(key) ?? "null"));
  } catch {
    return usualCaptionStyle;
  }
}

/** Gives the captions of every player of this page the look that was chosen on this device. */
export function applyCaptionStyle(): void {
  // A style of one's own in the page would be against its policy; a sheet is not.
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  sheet.replaceSync(captionCss(current));
}

export function setCaptionStyle(change: Partial<CaptionStyle>): void {
  current = { ...current, ...change };
  localStorage.setItem(key, JSON.stringify(current));
  applyCaptionStyle();
  for (const watcher of watchers) watcher();
}

export const useCaptionStyle = (): CaptionStyle =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => current,
  );
