import { type RefObject, useEffect, useState } from "react";

/** Passing over a list is not looking at something. */
const restMs = 350;

/** True if the viewer wants neither movement nor needless bytes. */
const isCalm = (): boolean => {
  const connection = "connection" in navigator ? navigator.connection : undefined;
  const savesData =
    typeof connection === "object" && connection !== null && "saveData" in connection && connection.saveData === true;
  return savesData || window.matchMedia("(prefers-reduced-motion: reduce)").matches;
};

/**
 * True while the moving preview of a card is shown: a mouse rests on its link, or the link has the keyboard's focus.
 */
export function usePreview(element: RefObject<HTMLElement | null>, has: boolean): boolean {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const card = element.current?.closest("a");
    if (!has || card == null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const begin = () => {
      clearTimeout(timer);
      if (!isCalm()) timer = setTimeout(() => setShown(true), restMs);
    };
    const end = () => {
      clearTimeout(timer);
      setShown(false);
    };
    const listeners = {
      pointerenter: (event: Event) => event instanceof PointerEvent && event.pointerType === "mouse" && begin(),
      pointerleave: end,
      focus: () => card.matches(":focus-visible") && begin(),
      blur: end,
    };
    for (const [name, listener] of Object.entries(listeners)) card.addEventListener(name, listener);
    return () => {
      end();
      for (const [name, listener] of Object.entries(listeners)) card.removeEventListener(name, listener);
    };
  }, [element, has]);
  return isShown;
}
