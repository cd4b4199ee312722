import { useEffect, useState } from "react";
import { isTyping } from "#base/ui/fields/is-typing.ts";

const key = "kinora.theatre";

/** True while the player has the whole width of the page; the key `t` changes it, and this device remembers it. */
export function useTheatre(): [isTheatre: boolean, toggle: () => void] {
  const [isTheatre, setTheatre] = useState(() => localStorage.getItem(key) === "on");
  const toggle = () =>
    setTheatre((before) => {
      if (before) localStorage.removeItem(key);
      else localStorage.setItem(key, "on");
      return !before;
    });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "t" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      toggle();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return [isTheatre, toggle];
}
