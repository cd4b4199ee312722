import { queueDatabase } from "#base/api/upload-names.ts";
import { isObject, type Item, itemFrom } from "./item.ts";

/** The stored state of an item: with a handle where the browser has one, by which its file is read again. */
export interface Kept {
  readonly item: Item;
  readonly handle: FileSystemFileHandle | null;
  /** The tab it is sent from. */
  readonly tab: string;
}

const table = "items";

let opening: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(queueDatabase, 2);
    request.addEventListener("upgradeneeded", () => createTable(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("no memory")));
    request.addEventListener("success", () => {
      const database = request.result;
      database.addEventListener("versionchange", () => {
        database.close();
        opening = null;
      });
      resolve(database);
    });
  });
  return opening;
}

/** Makes the table anew; records of the first version had another shape, and places of their own. */
function createTable(database: IDBDatabase): void {
  for (const name of database.objectStoreNames) database.deleteObjectStore(name);
  database.createObjectStore(table);
  indexedDB.deleteDatabase("kinora-handles");
  for (const name of Object.keys(localStorage)) if (name.startsWith("kinora.upload.")) localStorage.removeItem(name);
}

async function within<Result>(
  mode: IDBTransactionMode,
  work: (items: IDBObjectStore) => IDBRequest<Result> | undefined,
): Promise<Result | undefined> {
  const transaction = (await open()).transaction(table, mode);
  const request = work(transaction.objectStore(table));
  // Does not wait for the answers, which a page that is being closed never gets.
  transaction.commit();
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve(request?.result));
    for (const event of ["abort", "error"]) {
      transaction.addEventListener(event, () => reject(transaction.error ?? new Error("no memory")));
    }
  });
}

/** Remembers items as they are and forgets others. A browser without a memory forgets all. */
export async function remember(records: readonly Kept[], forgottenKeys: readonly string[] = []): Promise<void> {
  await within("readwrite", (items) => {
    for (const record of records) items.put(record, record.item.key);
    for (const key of forgottenKeys) items.delete(key);
    return undefined;
  }).catch(() => undefined);
}

/** All that is remembered of a kind, whichever tab it is of, in the order in which it was added. */
export async function recall(kind: string): Promise<Kept[]> {
  const records = await within<unknown[]>("readonly", (items) => items.getAll()).catch(() => []);
  return (records ?? []).flatMap((record) => keptFrom(record) ?? []).filter(({ item }) => item.kind === kind);
}

/** A stored record, checked; `null` for that of another version. Pure. */
export function keptFrom(record: unknown): Kept | null {
  const item = isObject(record) ? itemFrom(record["item"]) : null;
  if (!isObject(record) || item === null || typeof record["tab"] !== "string") return null;
  const { handle, tab } = record;
  const hasHandle = typeof FileSystemFileHandle === "function" && handle instanceof FileSystemFileHandle;
  return { item, handle: hasHandle ? handle : null, tab };
}
