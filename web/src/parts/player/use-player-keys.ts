import { useEffect, useRef } from "react";
import { speeds } from "#base/ui/buttons/speed-pills.tsx";
import { isTyping } from "#base/ui/fields/is-typing.ts";
import { soundAfter } from "./engine/sounds.ts";
import { type Player, toggleCaptions } from "./use-player.ts";

interface PlayerActions {
  onLike: () => void;
  onHelp: () => void;
  onFullscreen: () => void;
  onPip: () => void;
  onMini: (() => void) | undefined;
  onDanmaku: () => void;
  /** Any key of the player was used. */
  onUse: () => void;
}

/** The keys of the watch page. */
export function usePlayerKeys(player: Player, actions: PlayerActions): void {
  const step = (by: -1 | 1) => {
    const next = speeds.indexOf(nearestSpeed(player.rate)) + by;
    const speed = speeds[next];
    if (speed !== undefined) player.setRate(speed);
  };
  useKeys(
    {
      " ": player.toggle,
      k: player.toggle,
      ArrowLeft: () => player.skip(-5),
      ArrowRight: () => player.skip(5),
      m: player.toggleMuted,
      c: () => toggleCaptions(player),
      a: () => {
        const next = soundAfter(player.sounds, player.sound);
        if (next !== null) player.chooseSound(next);
      },
      f: actions.onFullscreen,
      p: actions.onPip,
      i: () => actions.onMini?.(),
      d: actions.onDanmaku,
      l: actions.onLike,
      "<": () => step(-1),
      ">": () => step(1),
      "?": actions.onHelp,
    },
    actions.onUse,
  );
}

/** Actions of keys on a page, while no text is typed. `onUse` is called after each. */
export function useKeys(keys: Readonly<Record<string, () => void>>, onUse: () => void): void {
  const latest = useRef({ keys, onUse });
  latest.current = { keys, onUse };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const { keys, onUse } = latest.current;
      const action = keys[event.key];
      if (action === undefined) return;
      event.preventDefault();
      action();
      onUse();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

const nearestSpeed = (rate: number): (typeof speeds)[number] =>
  speeds.reduce((best, speed) => (Math.abs(speed - rate) < Math.abs(best - rate) ? speed : best), 1);
