import { type RefObject, useEffect, useRef, useState } from "react";
import { activeAt, type Visible, visibleAt, wheelAtRest, wheelStep } from "./window.ts";

interface FeedScroll {
  active: number;
  visible: Visible;
  /** The card after the last video is on screen. */
  isAtEnd: boolean;
  go: (index: number, behavior?: ScrollBehavior) => void;
  /** On from where it is going to, which is further than what is seen until it has got there. */
  step: (by: -1 | 1) => void;
}

/** Some browsers do not say when a movement is over: it is when nothing has moved for a moment. */
const hasScrollEnd = "onscrollend" in window;
const restMs = 150;

/** Follows the scroll position of the feed, and moves it. Fingers scroll natively; the wheel moves whole cards. */
export function useFeedScroll(list: RefObject<HTMLDivElement | null>, count: number, start: number): FeedScroll {
  const [position, setPosition] = useState({ active: start, first: start, last: start, isAtEnd: false });
  const aim = useRef(start);

  const go = (index: number, behavior: ScrollBehavior = "smooth") => {
    const box = list.current;
    if (box === null) return;
    const last = box.children.length - 1;
    aim.current = Math.min(Math.max(index, 0), last);
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    box.scrollTo({ top: aim.current * box.clientHeight, behavior: calm ? "instant" : behavior });
  };

  const step = (by: -1 | 1) => go(aim.current + by);

  useEffect(() => {
    const box = list.current;
    if (box === null) return;
    const follow = () => {
      const at = box.clientHeight > 0 ? box.scrollTop / box.clientHeight : 0;
      const next = { active: activeAt(at, count), ...visibleAt(at, count), isAtEnd: at > count - 0.5 };
      setPosition((now) => (isSame(now, next) ? now : next));
      if (hasScrollEnd) return;
      clearTimeout(resting);
      resting = setTimeout(settle, restMs);
    };
    let resting: ReturnType<typeof setTimeout> | undefined;
    const settle = () => {
      aim.current = Math.round(box.scrollTop / Math.max(1, box.clientHeight));
    };
    let wheel = wheelAtRest;
    const turn = (event: WheelEvent) => {
      if (event.ctrlKey) return;
      event.preventDefault();
      const linePx = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 40;
      const turned = wheelStep(wheel, event.deltaY * linePx, event.timeStamp);
      wheel = turned.state;
      if (turned.step !== 0) step(turned.step);
    };
    // A turned phone changes the height of all cards; the watched one stays. Called first when the list has been laid out.
    const observer = new ResizeObserver(() => {
      box.scrollTo({ top: aim.current * box.clientHeight, behavior: "instant" });
      follow();
    });
    observer.observe(box);
    box.addEventListener("scroll", follow, { passive: true });
    box.addEventListener("scrollend", settle);
    box.addEventListener("wheel", turn, { passive: false });
    return () => {
      observer.disconnect();
      clearTimeout(resting);
      box.removeEventListener("scroll", follow);
      box.removeEventListener("scrollend", settle);
      box.removeEventListener("wheel", turn);
    };
  }, [list, count]);

  return {
    active: position.active,
    visible: position,
    isAtEnd: position.isAtEnd,
    go,
    step,
  };
}

type Position = Visible & { active: number; isAtEnd: boolean };
const isSame = (a: Position, b: Position) =>
  a.active === b.active && a.first === b.first && a.last === b.last && a.isAtEnd === b.isAtEnd;
