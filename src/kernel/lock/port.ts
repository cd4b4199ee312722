/** A lock that several processes respect. */
export interface Locks {
  /** Runs `work` while holding `name`; yields undefined without running it when somebody else holds it. */
  try<R>(name: string, work: () => Promise<R>): Promise<R | undefined>;
}
