/** How many places are remembered: some megabytes at most. */
const rememberedMax = 20_000;

/** Finds in which of several stores something is, and remembers it: the remembered store is merely looked at first. */
export class Finder {
  readonly #names: readonly string[];
  readonly #places = new Map<string, string>();

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /**
   * The first store where `look` finds something. One that fails is passed over; that it failed is said when nothing is
   * found, for then it may be there.
   */
  async find<T>(
    what: string,
    look: (name: string) => Promise<T | undefined>,
  ): Promise<{ name: string; found: T } | undefined> {
    const before = this.#places.get(what);
    const names = before === undefined ? this.#names : [before, ...this.#names.filter((name) => name !== before)];
    const failures: unknown[] = [];
    for (const name of names) {
      try {
        const result = await look(name);
        if (result === undefined) continue;
        this.remember(what, name);
        return { name, found: result };
      } catch (error) {
        // An error that is no failure of one store concerns all of them.
        if (error instanceof TypeError) throw error;
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    this.forget(what);
    return undefined;
  }

  placeOf(what: string): string | undefined {
    return this.#places.get(what);
  }

  remember(what: string, name: string): void {
    this.#places.delete(what);
    this.#places.set(what, name);
    // A map keeps the order in which things were put into it: the first one was not asked for the longest time.
    const [oldest] = this.#places.size > rememberedMax ? this.#places.keys() : [];
    if (oldest !== undefined) this.#places.delete(oldest);
  }

  forget(what: string): void {
    this.#places.delete(what);
  }
}
