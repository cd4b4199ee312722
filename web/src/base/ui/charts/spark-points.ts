/** The points of a line through the values in a box of this size; without a difference between them it lies at the bottom. Pure. */
export function sparkPoints(values: readonly number[], width: number, height: number): { x: number; y: number }[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low;
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  return values.map((value, at) => ({
    x: at * step,
    y: span === 0 ? height : height - ((value - low) / span) * height,
  }));
}
