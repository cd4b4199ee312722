import { Slider } from "react-aria-components/Slider";
import { useTranslation } from "react-i18next";
import { formatDuration } from "#base/format/format.ts";
import { LeftToRight } from "#base/ui/left-to-right.tsx";
import { SeekTrack } from "../controls/seek-track.tsx";
import type { Past } from "./engine/past.ts";

interface LiveSeekBarProps {
  past: Past;
  goBack: (seconds: number) => void;
}

/** The position in the part of the stream that can be gone back to; its right end is live. */
export function LiveSeekBar({ past: { lengthS, backS }, goBack }: LiveSeekBarProps) {
  const { t } = useTranslation();
  const said = backS < 1 ? t("live.badge") : t("live.back", { time: formatDuration(backS) });
  return (
    <LeftToRight>
      <Slider
        aria-label={`${t("player.seek")}: ${said}`}
        minValue={-lengthS}
        maxValue={0}
        step={1}
        value={-backS}
        onChange={(value) => goBack(-value)}
        className="mx-2"
      >
        <SeekTrack part={1 - backS / lengthS} />
      </Slider>
    </LeftToRight>
  );
}
