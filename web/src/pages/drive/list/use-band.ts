import { type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";
import type { Listed } from "../entries/entries.ts";
import { selectBand, type Selection } from "./selection.ts";
import { type Shape, placesIn } from "./windowing.ts";

const movesPx = 5;

interface Drawn {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Choosing with a rubber band: drawn from an empty place with a mouse, in the coordinates of the list. */
export function useBand(
  list: RefObject<HTMLElement | null>,
  shape: Shape,
  gap: number,
  entries: readonly Listed[],
  selection: Selection,
  onSelection: (selection: Selection) => void,
) {
  const [box, setBox] = useState<Drawn | null>(null);
  const start = useRef<{ x: number; y: number; before: Selection; adds: boolean; isDrawn: boolean } | null>(null);
  const latest = useRef({ shape, entries, onSelection });
  useEffect(() => {
    latest.current = { shape, entries, onSelection };
  });

  const placeOf = (event: { clientX: number; clientY: number }) => {
    const { left: listLeft = 0, top = 0 } = list.current?.getBoundingClientRect() ?? {};
    return { x: event.clientX - listLeft, y: event.clientY - top };
  };
  const handlers = {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.pointerType !== "mouse" || event.button !== 0 || !(event.target instanceof Element)) return;
      // On an entry a press chooses it; its row's empty end is an empty place.
      if (event.target.closest("[data-solid], button, input") !== null) return;
      const adds = event.ctrlKey || event.metaKey || event.shiftKey;
      start.current = { ...placeOf(event), before: selection, adds, isDrawn: false };
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const from = start.current;
      if (from === null) return;
      if (event.buttons === 0) {
        start.current = null;
        setBox(null);
        return;
      }
      const to = placeOf(event);
      if (!from.isDrawn) {
        if (Math.hypot(to.x - from.x, to.y - from.y) < movesPx) return;
        from.isDrawn = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }
      const bandLeft = Math.min(from.x, to.x);
      const top = Math.min(from.y, to.y);
      const drawn = { left: bandLeft, top, width: Math.abs(to.x - from.x), height: Math.abs(to.y - from.y) };
      setBox(drawn);
      const { shape: now, entries: all, onSelection: choose } = latest.current;
      const width = list.current?.clientWidth ?? 0;
      const places = placesIn(now, width, gap, {
        left: bandLeft,
        top,
        right: bandLeft + drawn.width,
        bottom: top + drawn.height,
      });
      choose(
        selectBand(
          from.before,
          places.flatMap((place) => all[place]?.id ?? []),
          from.adds,
        ),
      );
    },
    onPointerUp() {
      const from = start.current;
      start.current = null;
      setBox(null);
      if (from !== null && from.isDrawn) return;
      // A press on nothing chooses nothing.
      if (from !== null && !from.adds) latest.current.onSelection({ ...selection, chosen: new Set() });
    },
    onClickCapture(event: React.MouseEvent) {
      // The end of a band is no press on what it ends over.
      if (box !== null) event.stopPropagation();
    },
  };
  return { handlers, box };
}
