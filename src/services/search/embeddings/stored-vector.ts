/** A vector as it is stored: a byte for each number, and a bit for the sign of each. */
export interface StoredVector {
  readonly bytes: Int8Array;
  /** `0` and `1`, as PostgreSQL reads them. */
  readonly signs: string;
}

/** The largest number becomes 127 or -127; only directions are compared. Pure. */
export function storedVector(vector: Float32Array): StoredVector {
  let most = 0;
  for (const value of vector) most = Math.max(most, Math.abs(value));
  const scale = most === 0 ? 0 : 127 / most;
  const bytes = Int8Array.from(vector, (value) => Math.round(value * scale));
  return { bytes, signs: Array.from(vector, (value) => (value > 0 ? "1" : "0")).join("") };
}

/** The cosine of the angle between two vectors of the same length; 0 where one has no direction. Pure. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, aSquares, bSquares] = [0, 0, 0];
  for (let n = 0; n < a.length; n++) {
    const [x = 0, y = 0] = [a[n], b[n]];
    dot += x * y;
    aSquares += x * x;
    bSquares += y * y;
  }
  return aSquares === 0 || bSquares === 0 ? 0 : dot / Math.sqrt(aSquares * bSquares);
}
