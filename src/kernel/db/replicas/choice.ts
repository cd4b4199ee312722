/**
 * A replica that is further behind than this is not used. A read that depends on commits with a lost position uses the
 * primary for as long.
 */
export const stalenessMsMax = 5_000;

/** The primary's log had this position at this time or later, on one monotonic clock. */
export interface Sample {
  readonly atMs: number;
  readonly position: number;
}

/** The state of a replica: how far it has replayed the log, and why it is not to be used. */
export interface Standing {
  readonly position: number;
  readonly problem: string | undefined;
}

/**
 * How many milliseconds a replica is behind at most: what the primary had so long ago, it has replayed. Infinite where no
 * sample is as old. Pure.
 * @param samples of the primary, the latest last
 */
export function lagOf(position: number, samples: readonly Sample[], nowMs: number): number {
  const replayed = samples.findLast((sample) => sample.position <= position);
  return replayed ? nowMs - replayed.atMs : Infinity;
}

/** The replicas that a read may use which relies on a position. Pure. */
export const usableReplicas = <R extends Standing>(
  replicas: readonly R[],
  samples: readonly Sample[],
  position: number,
  nowMs: number,
): R[] =>
  replicas.filter(
    (replica) =>
      replica.problem === undefined &&
      replica.position >= position &&
      lagOf(replica.position, samples, nowMs) <= stalenessMsMax,
  );
