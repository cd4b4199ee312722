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
const open = (): Promise<IDBDatabase> => (opening ??= openDatabase());

async function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(queueDatabase, 2);
  request.addEventListener("upgradeneeded", () => createTable(request.result));
  await settle(request, "success");
  const database = request.result;
  database.addEventListener("versionchange", () => {
    database.close();
    opening = null;
  });
  return database;
}

/** Resolves at an event of the memory, and rejects when it fails. */
const settle = (source: EventTarget, event: string): Promise<void> =>
  new Promise((resolve, reject) => {
    source.addEventListener(event, () => resolve());
    for (const end of ["abort", "error"]) source.addEventListener(end, () => reject(new Error("no memory")));
  });

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
  await settle(transaction, "complete");
  return request?.result;
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
