import { useQuery } from "@tanstack/react-query";
import { type PointerEvent, useState } from "react";
import { Slider } from "react-aria-components/Slider";
import { useTranslation } from "react-i18next";
import { formatDuration } from "#base/format/format.ts";
import { LeftToRight } from "#base/ui/left-to-right.tsx";
import { type Chapter, chapterAt } from "../chapters.ts";
import { storyboardQuery, type Tile, tileAt } from "../storyboard.ts";
import type { Player } from "../use-player.ts";
import { SeekTrack } from "./seek-track.tsx";

interface SeekBarProps {
  player: Player;
  hlsUrl: string;
  chapters: readonly Chapter[];
}

/** The position of the film, and by pointer the picture of another moment. */
export function SeekBar({ player, hlsUrl, chapters }: SeekBarProps) {
  const { t } = useTranslation();
  const { timeS, durationS, bufferedS } = player;
  const [looked, setLooked] = useState<{ atS: number; part: number } | null>(null);
  const [isWanted, setWanted] = useState(false);
  // Fetched when a viewer first seeks.
  const { data: tiles = [] } = useQuery({ ...storyboardQuery(hlsUrl), enabled: isWanted && hlsUrl !== "" });
  const partOf = (seconds: number) => (durationS > 0 ? Math.min(1, seconds / durationS) : 0);
  const part = (seconds: number) => `${partOf(seconds) * 100}%`;
  const look = (event: PointerEvent<HTMLElement>) => {
    const { left: startPx, width } = event.currentTarget.getBoundingClientRect();
    const at = Math.min(1, Math.max(0, (event.clientX - startPx) / width));
    setWanted(true);
    setLooked({ atS: at * durationS, part: at });
  };
  const tile = looked === null ? null : tileAt(tiles, looked.atS);
  return (
    <div className="relative mx-2" onPointerMove={look} onPointerLeave={() => setLooked(null)}>
      {looked !== null && durationS > 0 && (
        <Glance
          tile={tile}
          name={chapters[chapterAt(chapters, looked.atS)]?.title}
          atS={looked.atS}
          part={looked.part}
        />
      )}
      <LeftToRight>
        <Slider
          aria-label={t("player.seek")}
          minValue={0}
          maxValue={Math.max(durationS, 0.1)}
          step={0.1}
          value={Math.min(timeS, Math.max(durationS, 0.1))}
          onChange={player.seek}
        >
          <SeekTrack
            part={partOf(timeS)}
            below={<div className="absolute inset-y-0 start-0 bg-white/35" style={{ width: part(bufferedS) }} />}
          >
            {chapters.map(
              ({ start }) =>
                start > 0 && (
                  <div key={start} className="absolute inset-y-0 w-0.5 bg-black" style={{ left: part(start) }} />
                ),
            )}
          </SeekTrack>
        </Slider>
      </LeftToRight>
    </div>
  );
}

/** The picture of a moment over its place on the bar, kept within it. */
function Glance({
  tile,
  name,
  atS,
  part,
}: {
  tile: Tile | null;
  name?: string | undefined;
  atS: number;
  part: number;
}) {
  const width = Math.max(tile?.width ?? 56, name === undefined ? 0 : 160);
  return (
    <div
      aria-hidden
      className="glance pointer-events-none absolute bottom-full mb-1 flex flex-col items-center gap-1"
      style={{ width, left: `clamp(0px, calc(${part * 100}% - ${width / 2}px), calc(100% - ${width}px))` }}
    >
      {tile !== null && (
        <span
          className="block rounded-md ring-1 ring-white/70"
          style={{
            width: tile.width,
            height: tile.height,
            backgroundImage: `url("${tile.url}")`,
            backgroundPosition: `-${tile.x}px -${tile.y}px`,
          }}
        />
      )}
      {name !== undefined && (
        <span className="line-clamp-2 rounded bg-black/75 px-1.5 text-center text-xs font-medium">{name}</span>
      )}
      <span className="tabular rounded bg-black/75 px-1.5 text-xs">{formatDuration(atS)}</span>
    </div>
  );
}
