import { useSyncExternalStore } from "react";
import { createListeners } from "#base/api/session/listeners.ts";
import { isStage } from "./frame.ts";

export type ThemeChoice = "auto" | "dark" | "light";
const storageKey = "kinora.theme";
const systemIsLight = window.matchMedia("(prefers-color-scheme: light)");
const listeners = createListeners();

function themeChoice(): ThemeChoice {
  const stored = localStorage.getItem(storageKey);
  return stored === "dark" || stored === "light" ? stored : "auto";
}

let theme: "dark" | "light" = "dark";

/** Puts the theme of a page in place. */
export function applyTheme(path: string): void {
  const choice = themeChoice();
  const system = systemIsLight.matches ? "light" : "dark";
  theme = choice === "auto" ? (isStage(path) ? "dark" : system) : choice;
  document.documentElement.dataset["theme"] = theme;
  const color = theme === "dark" ? "#0e0b0a" : "#faf9f7";
  document.querySelector("meta[name=theme-color]")?.setAttribute("content", color);
  listeners.notify();
}

export function setTheme(choice: ThemeChoice): void {
  if (choice === "auto") localStorage.removeItem(storageKey);
  else localStorage.setItem(storageKey, choice);
  applyTheme(window.location.pathname);
}

systemIsLight.addEventListener("change", () => applyTheme(window.location.pathname));

export const useThemeChoice = (): ThemeChoice => useSyncExternalStore(listeners.subscribe, themeChoice);
/** The theme of the page that is shown. */
export const useTheme = (): "dark" | "light" => useSyncExternalStore(listeners.subscribe, () => theme);
