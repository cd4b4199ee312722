/** Holds only what can be lost; every entry has a lifetime (reliability D8). Values are JSON. */
export interface Cache {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, lifeMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Adds to a counter that ends `lifeMs` after its first addition; yields its value and what is left of its life. */
  add(key: string, amount: number, lifeMs: number): Promise<{ value: number; leftMs: number }>;
}
