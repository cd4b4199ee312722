import { type RefObject, useEffect, useState } from "react";

/**
 * Whether a folded box cuts its text off; what was true last, while it is open.
 *
 * @param text what the box contains: other text in a box of the same size is measured anew.
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
