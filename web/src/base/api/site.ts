import { createDeviceStore, useStore } from "./session/store.ts";
import type { Instance } from "./types.ts";

/** The look that administrators chose for this instance, as far as the first paint needs it. */
export interface Site {
  readonly name: string;
  readonly icon_url: string;
  /** The accents of both themes; the app's own when left out. */
  readonly theme?: Instance["theme"];
  readonly start_page: Instance["start_page"];
}

const appSite: Site = { name: "Kinora", icon_url: "/icon.svg", start_page: "auto" };
/** The accent that the style sheet has; an instance with it keeps the style sheet's colours. */
const ownAccent = "#d9391f";
const site = createDeviceStore(ofPage());

/** The server wrote it into the page, where it differs from the app's own. */
function ofPage(): Site {
  const text = document.querySelector<HTMLMetaElement>("meta[name=kinora-site]")?.content ?? "";
  return text === "" ? appSite : (JSON.parse(text) as Site); // The server's own words.
}

export const currentSite = site.get;

export const useSite = (): Site => useStore(site);

/** Shows a change of an administrator without a reload. */
export function showSite({ name, icon_url, accent, theme, start_page }: Instance): void {
  const next = { name, icon_url, ...(accent !== ownAccent && { theme }), start_page };
  if (JSON.stringify(next) === JSON.stringify(site.get())) return;
  applyAccent(next);
  site.set(next);
}

/** Gives the style sheet the accents of both themes; what is derived from them follows there. */
export function applyAccent({ theme } = site.get()): void {
  const { style } = document.documentElement;
  for (const name of ["dark", "light"] as const) {
    const colors = theme?.[name];
    for (const [property, value] of [
      [`--site-accent-${name}`, colors?.accent],
      [`--site-ink-${name}`, colors?.ink],
    ] as const) {
      if (value === undefined) style.removeProperty(property);
      else style.setProperty(property, value);
    }
  }
}
