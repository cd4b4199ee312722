import { classNames } from "../class-names.ts";
import { sparkPoints } from "./spark-points.ts";

const [width, height, margin] = [90, 24, 4];

interface SparklineProps {
  values: readonly number[];
  /** Its size and, as the colour of text, that of the line. */
  className: string;
  dotClass?: string;
}

/** A line of values without axes, which ends in a dot. Decorative: the figure beside it says what it is. */
export function Sparkline({ values, className, dotClass = "fill-current" }: SparklineProps) {
  const points = sparkPoints(values, width, height);
  const last = points.at(-1);
  return (
    <svg
      viewBox={`${-margin} ${-margin} ${width + 2 * margin} ${height + 2 * margin}`}
      className={classNames("min-w-0 rtl:-scale-x-100", className)}
      aria-hidden
    >
      <polyline
        points={points.map(({ x, y }) => `${x},${y}`).join(" ")}
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      {last && <circle cx={last.x} cy={last.y} r="3.5" className={dotClass} />}
    </svg>
  );
}
