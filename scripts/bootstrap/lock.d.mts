/** Runs `work` while no other bootstrap does that keeps its lock in the same folder: the checkout's when left out. */
export function alone<T>(work: () => Promise<T>, home?: string): Promise<T>;
