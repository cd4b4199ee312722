import { type KeyboardEvent, type PointerEvent, type RefObject, useLayoutEffect, useRef, useState } from "react";
import type { Video } from "#base/api/types.ts";
import { placeAt } from "./order.ts";
import { itemsNow } from "./queries.ts";

/** Moves a row by arrow keys, Home and End; the focus goes with it. */
export function useMoveByKey(
  list: RefObject<HTMLElement | null>,
  playlistId: number,
  videos: readonly Video[],
  put: (video: Video, to: number) => void,
) {
  const movedId = useRef<number | null>(null);
  // A row that changes its place in the page loses the focus.
  const order = videos.map((video) => video.id).join();
  useLayoutEffect(() => {
    list.current?.querySelector<HTMLElement>(`[data-move="${movedId.current}"]`)?.focus();
    movedId.current = null;
  }, [order]);
  return (event: KeyboardEvent, video: Video) => {
    const now = itemsNow(playlistId);
    const from = now.findIndex((item) => item.id === video.id);
    const to = { ArrowUp: from - 1, ArrowDown: from + 1, Home: 0, End: now.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    movedId.current = video.id;
    put(video, to);
  };
}

/** Moves a row by dragging it; shows from where and to where while it is dragged. */
export function useRowDrag(list: RefObject<HTMLElement | null>, onDrop: (from: number, to: number) => void) {
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const onPointerMove = (event: PointerEvent) => {
    if (drag === null || list.current === null) return;
    const middles = [...list.current.children].map((row) => {
      const { top, height } = row.getBoundingClientRect();
      return top + height / 2;
    });
    setDrag({ from: drag.from, to: placeAt(middles, drag.from, event.clientY) });
  };
  const onPointerUp = () => {
    if (drag !== null) onDrop(drag.from, drag.to);
    setDrag(null);
  };
  const handlersOf = (place: number) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      setDrag({ from: place, to: place });
    },
    onPointerMove,
    onPointerUp,
    onPointerCancel: () => setDrag(null),
  });
  return {
    isDragged: (place: number) => drag?.from === place,
    edgeOf: (place: number) => edge(drag, place),
    handlersOf,
  };
}

/** On which side of a row the dragged one would be put. */
const edge = (drag: { readonly from: number; readonly to: number } | null, place: number) =>
  drag === null || drag.to !== place || drag.to === drag.from ? null : drag.to < drag.from ? "above" : "below";
