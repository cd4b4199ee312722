import type { BlobReader, Listed, Quarantine } from "../port.ts";

/** The stores of a space, as far as a quarantine needs them. */
interface Stores {
  readonly names: readonly string[];
  has(name: string, key: string): Promise<object | undefined>;
  isAside(name: string, key: string): Promise<object | undefined>;
  only(name: string): { readonly quarantine: Quarantine };
}

/** Objects that were set aside in any of several stores. */
export class EveryQuarantine implements Quarantine {
  readonly #stores: Stores;

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  async put(key: string): Promise<void> {
    const having: string[] = [];
    for (const name of this.#stores.names)
      if ((await this.#stores.has(name, key)) ?? (await this.#stores.isAside(name, key))) having.push(name);
    for (const name of having.length > 0 ? having : this.#stores.names.slice(0, 1))
      await this.#stores.only(name).quarantine.put(key);
  }

  async open(key: string): Promise<BlobReader | undefined> {
    for (const quarantine of this.#each()) {
      const reader = await quarantine.open(key);
      if (reader) return reader;
    }
    return undefined;
  }

  async restore(key: string): Promise<void> {
    for (const quarantine of this.#each()) await quarantine.restore(key);
  }

  async drop(key: string): Promise<void> {
    for (const quarantine of this.#each()) await quarantine.drop(key);
  }

  async *list(space: string): AsyncIterable<Listed> {
    for (const quarantine of this.#each()) yield* quarantine.list(space);
  }

  #each(): Quarantine[] {
    return this.#stores.names.map((name) => this.#stores.only(name).quarantine);
  }
}
