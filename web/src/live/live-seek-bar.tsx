import { Slider, SliderThumb, SliderTrack } from "react-aria-components/Slider";
import { useTranslation } from "react-i18next";
import { formatDuration } from "../format/format.ts";
import { LeftToRight } from "../ui/left-to-right.tsx";
import type { Past } from "./past.ts";

interface LiveSeekBarProps {
  past: Past;
  goBack: (seconds: number) => void;
}

/** Where in the stream one is, of what can be gone back to; its right end is live. */
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
        <SliderTrack className="group flex h-7 cursor-pointer items-center">
          <div className="relative h-1 w-full overflow-hidden rounded-full bg-white/25 transition-[height] group-hover:h-1.5">
            <div
              className="absolute inset-y-0 start-0 bg-accent"
              style={{ width: `${(1 - backS / lengthS) * 100}%` }}
            />
          </div>
          <SliderThumb className="top-1/2 size-3.5 rounded-full bg-accent transition-transform group-hover:scale-110 data-[dragging]:scale-125 data-[focus-visible]:outline-2" />
        </SliderTrack>
      </Slider>
    </LeftToRight>
  );
}
