/** An IndexedDB in memory, with as much of it as the queue of uploads uses: a page of `happy-dom` has none. */
class MemoryDatabases {
  readonly #databases = new Map<string, Map<string, Map<string, unknown>>>();

  /** Makes them those of the page, empty, beside other tabs that are open. */
  install(openTabs: readonly string[] = []): void {
    for (const name of this.#databases.keys()) this.deleteDatabase(name);
    const held = openTabs.map((tab) => ({ name: `kinora-tab-${tab}` }));
    const locks = {
      query: () => Promise.resolve({ held }),
      request: (_name: string, _options: unknown, work: (lock: object) => unknown) => Promise.resolve(work({})),
    };
    Object.assign(globalThis, { indexedDB: this });
    Object.defineProperty(navigator, "locks", { configurable: true, value: locks });
  }

  /** The records of a table. */
  records(database: string, table: string): readonly unknown[] {
    return [...(this.#databases.get(database)?.get(table)?.values() ?? [])];
  }

  /** Puts a record into a table, as another tab does. */
  put(database: string, table: string, key: string, record: unknown): void {
    const tables = this.#databases.get(database) ?? new Map<string, Map<string, unknown>>();
    this.#databases.set(database, tables);
    tables.set(table, (tables.get(table) ?? new Map<string, unknown>()).set(key, record));
  }

  open(name: string): EventTarget {
    const isNew = !this.#databases.has(name);
    const tables = this.#databases.get(name) ?? new Map<string, Map<string, unknown>>();
    this.#databases.set(name, tables);
    const request = Object.assign(new EventTarget(), { result: databaseOf(tables) });
    queueMicrotask(() => {
      if (isNew) request.dispatchEvent(new Event("upgradeneeded"));
      request.dispatchEvent(new Event("success"));
    });
    return request;
  }

  deleteDatabase(name: string): void {
    for (const table of this.#databases.get(name)?.values() ?? []) table.clear();
  }
}

/** Component tests share a process, in which the queue opens its database once. */
export const databases = new MemoryDatabases();

function databaseOf(tables: Map<string, Map<string, unknown>>): EventTarget {
  return Object.assign(new EventTarget(), {
    objectStoreNames: [] as readonly string[],
    createObjectStore: (name: string) => void tables.set(name, new Map()),
    close: () => undefined,
    transaction: (name: string) => {
      const table = tables.get(name) ?? new Map<string, unknown>();
      tables.set(name, table);
      return transactionOf(table);
    },
  });
}

function transactionOf(table: Map<string, unknown>): EventTarget {
  const transaction = Object.assign(new EventTarget(), {
    commit: () => undefined,
    objectStore: () => ({
      put: (record: object, key: string) => void table.set(key, { ...record }),
      delete: (key: string) => void table.delete(key),
      getAll: () => ({
        result: [...table.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value),
      }),
    }),
  });
  queueMicrotask(() => transaction.dispatchEvent(new Event("complete")));
  return transaction;
}
