import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { roundUp } from "./figures.ts";

interface LineChartProps {
  label: string;
  current: readonly number[];
  /** The same length as `current`, or empty. */
  previous?: readonly number[];
  format: (value: number) => string;
  /** The name of a place of the line. */
  nameOf: (place: number) => string;
  /** The end of the axis; a round number above all values when left out. */
  top?: number;
  className?: string;
}

/**
 * One line over its area, with the period before dashed. The value under the pointer, or where the keys are, is in words
 * above it.
 */
export function LineChart({ label, current, previous = [], format, nameOf, top, className = "h-48" }: LineChartProps) {
  const { t } = useTranslation();
  const [at, setAt] = useState<number | null>(null);
  const most = top ?? roundUp(Math.max(1, ...current, ...previous));
  const last = Math.max(0, current.length - 1);
  const go = (place: number) => setAt(Math.min(last, Math.max(0, place)));
  const follow = ({ currentTarget, clientX }: PointerEvent<HTMLDivElement>) => {
    const { left: startPx, width } = currentTarget.getBoundingClientRect();
    go(Math.round(((clientX - startPx) / width) * last));
  };
  const valueAt = (place: number) => {
    const before = previous[place];
    const value = format(current[place] ?? 0);
    return before === undefined ? value : `${value} · ${t("analytics.before", { value: format(before) })}`;
  };
  const shown = at ?? last;
  return (
    <figure>
      <figcaption className="tabular mb-1 min-h-5 text-xs text-soft">
        {at !== null && (
          <>
            <b className="font-semibold text-ink">{nameOf(at)}</b> · {valueAt(at)}
          </>
        )}
      </figcaption>
      {/* Later values are on the right in every script. */}
      <div dir="ltr" className="flex gap-2">
        <div
          role="slider"
          tabIndex={0}
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={last}
          aria-valuenow={shown}
          aria-valuetext={`${nameOf(shown)} · ${valueAt(shown)}`}
          className={`relative min-w-0 flex-1 touch-pan-y rounded-xs outline-offset-4 ${className}`}
          onPointerMove={follow}
          onPointerDown={follow}
          onPointerLeave={() => setAt(null)}
          onFocus={() => go(shown)}
          onBlur={() => setAt(null)}
          onKeyDown={(event) => {
            const place = placeAfter(event, shown, last);
            if (place === undefined) return;
            event.preventDefault();
            go(place);
          }}
        >
          <Lines {...{ current, previous, most, at }} />
        </div>
        <div aria-hidden className="tabular flex w-12 flex-col justify-between text-xs text-soft">
          {[1, 0.5, 0].map((part) => (
            <span key={part} className="-my-2">
              {format(most * part)}
            </span>
          ))}
        </div>
      </div>
    </figure>
  );
}

/** The place that a key leads to from a place of the line; undefined for a key that is none of a slider's. */
function placeAfter({ key, ctrlKey, metaKey, altKey }: KeyboardEvent, place: number, last: number): number | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  const leap = Math.max(2, Math.round(last / 10));
  const places: Readonly<Record<string, number>> = {
    ArrowRight: place + 1,
    ArrowUp: place + 1,
    ArrowLeft: place - 1,
    ArrowDown: place - 1,
    PageUp: place + leap,
    PageDown: place - leap,
    Home: 0,
    End: last,
  };
  return places[key];
}

interface LinesProps {
  current: readonly number[];
  previous: readonly number[];
  most: number;
  at: number | null;
}

function Lines({ current, previous, most, at }: LinesProps) {
  const last = Math.max(1, current.length - 1);
  const points = (values: readonly number[]) =>
    values.map((value, place) => `${(100 * place) / last},${100 - (100 * value) / most}`).join(" ");
  return (
    <svg aria-hidden viewBox="0 0 100 100" preserveAspectRatio="none" className="size-full overflow-visible">
      {[0, 25, 50, 75, 100].map((y) => (
        <line key={y} x1={0} x2={100} y1={y} y2={y} className="stroke-line" vectorEffect="non-scaling-stroke" />
      ))}
      <polygon points={`0,100 ${points(current)} 100,100`} className="fill-accent/10" />
      {previous.length > 0 && (
        <polyline
          points={points(previous)}
          className="fill-none stroke-faint"
          strokeWidth={1.5}
          strokeDasharray="4 4"
          vectorEffect="non-scaling-stroke"
        />
      )}
      <polyline
        points={points(current)}
        className="fill-none stroke-accent"
        strokeWidth={2.5}
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
      {at !== null && (
        <line
          x1={(100 * at) / last}
          x2={(100 * at) / last}
          y1={0}
          y2={100}
          className="stroke-soft"
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}
