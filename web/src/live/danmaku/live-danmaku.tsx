import { MessageSquareOff, MessageSquareText } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { leftAt } from "../../player/danmaku/lanes.ts";
import { pictureOf } from "../../player/danmaku/picture.ts";
import { prefer, usePreferences } from "../../player/danmaku/preferences.ts";
import { useMe } from "../../api/queries.ts";
import { IconButton } from "../../ui/button.tsx";
import { firstCharacters } from "../../text/characters.ts";
import { lineOf } from "../chat/lines.ts";
import { type RoomStore, useFollowedRoom } from "../chat/use-room-feed.ts";
import { Flight } from "./flight.ts";

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
  return (
    <canvas
      ref={canvas}
      aria-hidden
      data-testid="danmaku"
      style={{ opacity }}
      className="pointer-events-none absolute inset-0 size-full"
    />
  );
}

interface Options {
  readonly share: number;
  readonly me: number;
  /** How far the picture is behind: a message is about what others see when it comes. */
  readonly delayS: () => number;
}

/** Draws what flies; returns the way to stop. */
function fly(surface: HTMLCanvasElement, room: RoomStore, { share, me, delayS }: Options): () => void {
  const flight = new Flight<HTMLCanvasElement>();
  const ratio = window.devicePixelRatio || 1;
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let [width, height, sizePx, frame] = [0, 0, 20, 0];
  const draw = () => {
    const pen = surface.getContext("2d");
    pen?.clearRect(0, 0, surface.width, surface.height);
    const nowS = performance.now() / 1_000;
    for (const { picture, flown, lane } of flight.at(nowS, width, ratio))
      pen?.drawImage(picture, leftAt(flown, nowS, width) * ratio, (lane * sizePx * 1.4 + 44) * ratio);
    // A still picture needs no frames.
    frame = flight.isEmpty ? 0 : requestAnimationFrame(draw);
  };
  const begin = (text: string, color: number, isMine: boolean) => {
    // Nobody looks, and frames are not drawn.
    if (document.hidden || width === 0) return;
    const content = firstCharacters(text.replaceAll(/\s+/g, " "), charactersMax);
    flight.add(pictureOf({ content, color, is_mine: isMine }, sizePx, ratio), performance.now() / 1_000);
    if (frame === 0) frame = requestAnimationFrame(draw);
  };
  const stop = room.listen((sent) => {
    const line = lineOf(sent);
    if (line?.kind !== "chat") return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      begin(line.text, line.badge === "host" ? hostColour : white, line.userId === me);
    }, delayS() * 1_000);
    timers.add(timer);
  });
  const sizes = new ResizeObserver(([entry]) => {
    if (entry === undefined) return;
    ({ width, height } = entry.contentRect);
    surface.width = width * ratio;
    surface.height = height * ratio;
    sizePx = Math.max(14, Math.min(26, height / 18));
    flight.clear(Math.max(1, Math.floor((height * share - 44) / (sizePx * 1.4))));
  });
  sizes.observe(surface);
  return () => {
    stop();
    sizes.disconnect();
    cancelAnimationFrame(frame);
    for (const timer of timers) clearTimeout(timer);
  };
}

/** Whether messages fly over the picture; remembered, with that of videos. */
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
