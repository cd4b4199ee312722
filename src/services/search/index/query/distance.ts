/**
 * Changes from one word to another: a letter added, left out, replaced, or two adjacent ones exchanged (optimal string
 * alignment). Yields `max + 1` for all that is further away.
 */
export function distance(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let [before, last, row] = [new Uint8Array(0), new Uint8Array(b.length + 1), new Uint8Array(b.length + 1)];
  for (let n = 0; n <= b.length; n++) last[n] = n;
  for (let m = 1; m <= a.length; m++) {
    let least = m;
    row[0] = m;
    for (let n = 1; n <= b.length; n++) {
      const isSame = a.charCodeAt(m - 1) === b.charCodeAt(n - 1);
      let cost = Math.min((last[n] ?? 0) + 1, (row[n - 1] ?? 0) + 1, (last[n - 1] ?? 0) + (isSame ? 0 : 1));
      const isSwap =
        m > 1 && n > 1 && a.charCodeAt(m - 1) === b.charCodeAt(n - 2) && a.charCodeAt(m - 2) === b.charCodeAt(n - 1);
      if (isSwap) cost = Math.min(cost, (before[n - 2] ?? 0) + 1);
      row[n] = cost;
      least = Math.min(least, cost);
    }
    if (least > max) return max + 1;
    [before, last, row] = [last, row, before.length === row.length ? before : new Uint8Array(b.length + 1)];
  }
  return Math.min(last[b.length] ?? 0, max + 1);
}
