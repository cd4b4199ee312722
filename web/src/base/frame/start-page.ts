import { useSyncExternalStore } from "react";
import { createListeners } from "#base/api/session/listeners.ts";
import { currentSite } from "#base/api/site.ts";

/** The page at `/`: what a visit begins with, and what follows a log-in or sign-up that came from no other page. */
export type StartPage = "feed" | "explore";
/** The viewer's own choice. With `auto` the instance decides: the feed on a phone and Explore on a wider screen, or one for all. */
export type StartChoice = "auto" | StartPage;

const startKey = "kinora.start";
const listeners = createListeners();
const phone = window.matchMedia("(max-width: 639px), (max-height: 500px) and (orientation: landscape)");
phone.addEventListener("change", () => listeners.notify());

export function startChoice(): StartChoice {
  const stored = localStorage.getItem(startKey);
  return stored === "feed" || stored === "explore" ? stored : "auto";
}

/** Sets the page that the viewer's visits begin with. `early/boot.js` mirrors this. */
export function setStartChoice(choice: StartChoice): void {
  if (choice === "auto") localStorage.removeItem(startKey);
  else localStorage.setItem(startKey, choice);
  listeners.notify();
}

/** The page at `/` for this viewer: the choice of theirs, else of the instance, else by the size of the screen. */
export function startPage(): StartPage {
  const chosenPage = startChoice();
  const choice = chosenPage === "auto" ? currentSite().start_page : chosenPage;
  return choice === "auto" ? (phone.matches ? "feed" : "explore") : choice;
}

export const useStartPage = (): StartPage => useSyncExternalStore(listeners.subscribe, startPage);
export const useStartChoice = (): StartChoice => useSyncExternalStore(listeners.subscribe, startChoice);
