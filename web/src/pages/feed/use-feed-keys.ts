import { useEffect, useRef } from "react";
import { isTyping } from "#base/ui/fields/is-typing.ts";

interface FeedKeys {
  onStep: (step: -1 | 1) => void;
  onPause: () => void;
  onLike: () => void;
  onSave: () => void;
  onFollow: () => void;
  onComments: () => void;
  onMute: () => void;
  onHelp: () => void;
  onSeek: (seconds: number) => void;
}

/** The feed's keys, anywhere on the page except in text fields. */
export function useFeedKeys(isOff: boolean, keys: FeedKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    if (isOff) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const actions: Record<string, () => void> = {
        ArrowDown: () => latest.current.onStep(1),
        j: () => latest.current.onStep(1),
        PageDown: () => latest.current.onStep(1),
        ArrowUp: () => latest.current.onStep(-1),
        k: () => latest.current.onStep(-1),
        PageUp: () => latest.current.onStep(-1),
        ArrowLeft: () => latest.current.onSeek(-5),
        ArrowRight: () => latest.current.onSeek(5),
        " ": () => latest.current.onPause(),
        l: () => latest.current.onLike(),
        s: () => latest.current.onSave(),
        f: () => latest.current.onFollow(),
        c: () => latest.current.onComments(),
        m: () => latest.current.onMute(),
        "?": () => latest.current.onHelp(),
      };
      const action = actions[event.key];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [isOff]);
}
