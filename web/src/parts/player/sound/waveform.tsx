import { queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Slider, SliderThumb, SliderTrack } from "react-aria-components/Slider";
import { keyOf } from "#base/api/keys.ts";
import { withinSession } from "#base/api/request/client.ts";
import { exchange } from "#base/api/request/exchange.ts";
import { LeftToRight } from "#base/ui/left-to-right.tsx";
import type { Player } from "../use-player.ts";
import { barsOf, peaksIn } from "./waveform.ts";

const barsMax = 120;

const waveformQuery = (url: string) =>
  queryOptions({
    queryKey: keyOf("waveform", url.replace(/\?.*$/, "")),
    queryFn: async () => {
      const { status, text } = await withinSession(() => exchange("GET", url, {}));
      return status === 200 ? peaksIn(text) : [];
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The waveform of a title without a picture: shows its loudness, and seeks. */
export function Waveform({ url, player }: { url: string; player: Player }) {
  const { t } = useTranslation();
  const { data: peaks = [] } = useQuery(waveformQuery(url));
  const bars = barsOf(peaks, barsMax);
  const { timeS, durationS } = player;
  if (bars.length === 0) return null;
  return (
    <LeftToRight>
      <Slider
        aria-label={t("player.waveform")}
        className="absolute inset-x-6 top-1/4 z-1 h-2/5"
        minValue={0}
        maxValue={Math.max(durationS, 0.1)}
        step={0.1}
        value={Math.min(timeS, Math.max(durationS, 0.1))}
        onChange={player.seek}
      >
        <SliderTrack className="flex size-full cursor-pointer items-center gap-px">
          {bars.map((bar, place) => (
            <span
              key={place}
              className={`min-w-0 flex-1 rounded-full ${(place + 0.5) / bars.length <= timeS / Math.max(durationS, 0.1) ? "bg-accent" : "bg-white/60"}`}
              style={{ height: `${Math.max(3, 100 * bar)}%` }}
            />
          ))}
          <SliderThumb className="h-full w-0.5 bg-white data-[focus-visible]:outline-2" />
        </SliderTrack>
      </Slider>
    </LeftToRight>
  );
}
