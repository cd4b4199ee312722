import { useEffect, useRef } from "react";
import { isTyping } from "#base/ui/fields/is-typing.ts";

/** The keys of the page; `onKey` yields whether one meant something. */
export function useCaseKeys(onKey: (key: string) => boolean): void {
  const latest = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      // A key in a sheet is meant for the sheet.
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector('[role="dialog"]') !== null) return;
      if (latest.current(event.key)) event.preventDefault();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
