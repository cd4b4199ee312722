import { MessageSquareOff, MessageSquareText } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { firstCharacters } from "#base/text/characters.ts";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { airOf } from "#parts/player/danmaku/air.ts";
import { prefer, usePreferences } from "#parts/player/danmaku/preferences.ts";
import { Surface } from "#parts/player/danmaku/surface.tsx";
import { lineOf } from "../feed/lines.ts";
import { type RoomStore, useFollowedRoom } from "../feed/use-room-feed.ts";

/** Longer messages are read in the list. */
const charactersMax = 60;
const white = 0xffffff;
const hostColour = 0xffd166;
/** A picture that is further behind than this is not waited for, in seconds. */
const delayMaxS = 12;

/** The messages of the chat as they fly over the picture. Decorative: all of them are in the list. */
export function LiveDanmaku({ delayS }: { delayS: number | null }) {
  const { isOn, opacity, share } = usePreferences();
  const room = useFollowedRoom();
  const me = useMe()?.id ?? 0;
  const canvas = useRef<HTMLCanvasElement>(null);
  const delay = useRef(0);
  delay.current = Math.min(delayMaxS, delayS ?? 0);
  useEffect(() => {
    const surface = canvas.current;
    if (!isOn || surface === null || window.matchMedia("(prefers-reduced-motion: reduce)").matches) return undefined;
    return fly(surface, room, { share, me, delayS: () => delay.current });
  }, [isOn, share, room, me]);
  if (!isOn) return null;
  return <Surface canvas={canvas} opacity={opacity} />;
}

interface Options {
  readonly share: number;
  readonly me: number;
  /** How far the picture is behind: a message is about what others see when it comes. */
  readonly delayS: () => number;
}

/** Lets the messages of the room fly, each when the picture is where others were who wrote it; returns the way to stop. */
function fly(surface: HTMLCanvasElement, room: RoomStore, { share, me, delayS }: Options): () => void {
  const air = airOf(surface, share);
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const stop = room.listen((sent) => {
    const line = lineOf(sent);
    if (line?.kind !== "chat") return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      const content = firstCharacters(line.text.replaceAll(/\s+/g, " "), charactersMax);
      air.add(content, line.badge === "host" ? hostColour : white, line.userId === me);
    }, delayS() * 1_000);
    timers.add(timer);
  });
  return () => {
    stop();
    air.stop();
    for (const timer of timers) clearTimeout(timer);
  };
}

/** The switch for messages that fly over the picture; remembered, with that of videos. */
export function DanmakuSwitch() {
  const { t } = useTranslation();
  const { isOn } = usePreferences();
  const Icon = isOn ? MessageSquareText : MessageSquareOff;
  return (
    <IconButton
      label={t(isOn ? "room.danmaku.off" : "room.danmaku.on")}
      aria-pressed={isOn}
      className="hover:bg-white/20"
      onPress={() => prefer({ isOn: !isOn })}
    >
      <Icon size={22} aria-hidden />
    </IconButton>
  );
}
