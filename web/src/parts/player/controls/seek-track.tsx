import type { ReactNode } from "react";
import { SliderThumb, SliderTrack } from "react-aria-components/Slider";

interface SeekTrackProps {
  /** The position of the picture, 0 to 1. */
  part: number;
  /** Under what was played. */
  below?: ReactNode;
  /** Over it. */
  children?: ReactNode;
}

/** The line of a seek bar, filled up to the picture, and the knob on it. */
export function SeekTrack({ part, below, children }: SeekTrackProps) {
  return (
    <SliderTrack className="group flex h-7 cursor-pointer items-center">
      <div className="relative h-1 w-full overflow-hidden rounded-full bg-white/25 transition-[height] group-hover:h-1.5">
        {below}
        <div className="absolute inset-y-0 start-0 bg-accent" style={{ width: `${part * 100}%` }} />
        {children}
      </div>
      <SliderThumb className="top-1/2 size-3.5 rounded-full bg-accent transition-transform group-hover:scale-110 data-[dragging]:scale-125 data-[focus-visible]:outline-2" />
    </SliderTrack>
  );
}
