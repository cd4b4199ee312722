import { type RefObject, useCallback, useLayoutEffect, useState } from "react";
import { scrollFor, type Shape, windowOf } from "./windowing.ts";

/** Heights of what covers the page above and below, so that a row is not scrolled under it. */
const coverPx = 72;

/** The drawn rows of a list, as the page is scrolled, and the way to bring one into sight. */
export function useWindow(list: RefObject<HTMLElement | null>, shape: Shape) {
  const { count, columns, rowHeight } = shape;
  const [{ first, last }, setWindow] = useState(() => windowOf(shape, 0, window.innerHeight));
  useLayoutEffect(() => {
    const look = () => {
      const element = list.current;
      if (element === null) return;
      const visibleRows = windowOf(
        { count, columns, rowHeight },
        -element.getBoundingClientRect().top,
        window.innerHeight,
      );
      setWindow((before) =>
        before.first === visibleRows.first && before.last === visibleRows.last ? before : visibleRows,
      );
    };
    look();
    window.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look);
    return () => {
      window.removeEventListener("scroll", look);
      window.removeEventListener("resize", look);
    };
  }, [list, count, columns, rowHeight]);
  const reveal = useCallback(
    (row: number) => {
      const element = list.current;
      if (element === null) return;
      const scrolled = coverPx - element.getBoundingClientRect().top;
      const to = scrollFor({ rowHeight }, row, scrolled, window.innerHeight - 2 * coverPx);
      if (to !== null) window.scrollBy(0, to - scrolled);
    },
    [list, rowHeight],
  );
  return { first, last, reveal };
}

/** The width of an element as it is now; 0 until it is known. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(current.clientWidth));
    observer.observe(current);
    setWidth(current.clientWidth);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
