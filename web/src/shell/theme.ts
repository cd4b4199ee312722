import { useSyncExternalStore } from "react";

export type ThemeChoice = "auto" | "dark" | "light";
const storageKey = "kinora.theme";
const systemIsLight = window.matchMedia("(prefers-color-scheme: light)");
const watchers = new Set<() => void>();

function themeChoice(): ThemeChoice {
  const stored = localStorage.getItem(storageKey);
  return stored === "dark" || stored === "light" ? stored : "auto";
}

/** Pages where the video is the page are dark unless the viewer says otherwise. `public/boot.js` mirrors this. */
const isStage = (path: string) => path === "/" || path.startsWith("/watch/");

/** Puts the theme of a page in place. */
export function applyTheme(path: string): void {
  const choice = themeChoice();
  const system = systemIsLight.matches ? "light" : "dark";
  const theme = choice === "auto" ? (isStage(path) ? "dark" : system) : choice;
  document.documentElement.dataset["theme"] = theme;
  const color = theme === "dark" ? "#110f0e" : "#fbfaf9";
  document.querySelector("meta[name=theme-color]")?.setAttribute("content", color);
}

export function setTheme(choice: ThemeChoice): void {
  if (choice === "auto") localStorage.removeItem(storageKey);
  else localStorage.setItem(storageKey, choice);
  applyTheme(window.location.pathname);
  for (const watcher of watchers) watcher();
}

systemIsLight.addEventListener("change", () => applyTheme(window.location.pathname));

export const useThemeChoice = (): ThemeChoice =>
  useSyncExternalStore((watcher) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, themeChoice);
