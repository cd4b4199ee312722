import { type RefObject, useEffect, useState } from "react";

/**
 * True if a folded box cuts its text off; the last answer while it is open.
 * @param text the content of the box: other text in a box of the same size is measured anew.
 */
export function useIsCut(box: RefObject<HTMLElement | null>, isOpen: boolean, text: string): boolean {
  const [isCut, setCut] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (element === null || isOpen) return;
    // After the browser's own layout, which reading a size would force earlier.
    const observer = new ResizeObserver(() => setCut(element.scrollHeight > element.clientHeight + 2));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, isOpen, text]);
  return isCut;
}
