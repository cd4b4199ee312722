import { classNames } from "../class-names.ts";

/** One of several choices in a line: the chosen one is inverse. */
export const chipClass = (isChosen: boolean): string =>
  classNames(
    "inline-flex min-h-9 shrink-0 items-center gap-1.5 rounded-full px-3.5 text-sm font-medium whitespace-nowrap pointer-fine:min-h-8 pointer-fine:px-3",
    isChosen ? "bg-ink text-page" : "bg-raised hover:bg-strong",
  );
