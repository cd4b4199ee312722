import { createDeviceStore, useStore } from "#base/api/session/store.ts";
import { captionCss, type CaptionStyle, captionStyleOf, usualCaptionStyle } from "./caption-style.ts";

const key = "kinora.caption-style";
const captionStyle = createDeviceStore(read());
let sheet: CSSStyleSheet | null = null;

function read(): CaptionStyle {
  try {
    return captionStyleOf(JSON.parse(localStorage.getItem(key) ?? "null"));
  } catch {
    return usualCaptionStyle;
  }
}

/** Gives the captions of every player of this page the look that was chosen on this device. */
export function applyCaptionStyle(style = captionStyle.get()): void {
  // A style of one's own in the page would be against its policy; a sheet is not.
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  sheet.replaceSync(captionCss(style));
}

export function setCaptionStyle(change: Partial<CaptionStyle>): void {
  const next = { ...captionStyle.get(), ...change };
  localStorage.setItem(key, JSON.stringify(next));
  applyCaptionStyle(next);
  captionStyle.set(next);
}

export const useCaptionStyle = (): CaptionStyle => useStore(captionStyle);
