/** A typed amount, in units of so much; null where it is none. An empty field is no limit. Pure. */
export function amountOf(text: string, unit: number): number | undefined | null {
  const written = text.trim().replace(",", ".");
  if (written === "") return undefined;
  const amount = Number(written);
  const whole = Math.round(amount * unit);
  return Number.isFinite(amount) && amount > 0 && whole > 0 && Number.isSafeInteger(whole) ? whole : null;
}

/** How far something is, 0–100, never 100 before it is. Pure. */
export function percentOf(done: number, total: number): number {
  if (total <= 0) return 100;
  const percent = Math.floor((Math.max(0, done) / total) * 100);
  return done < total ? Math.min(99, percent) : 100;
}
