import { type Item, isOver } from "./queue.ts";

/** The stored state of a file on its way: with a handle where the browser has one, by which it is read again. */
export interface Kept {
  item: Item;
  handle: FileSystemFileHandle | null;
  /** The tab it is sent from. */
  tab: string;
}

/** Also known to `api/account.ts`, which forgets it on log-out. */
const databaseName = "kinora-queue";
const table = "items";
/** Says on every page that there is something to go on with. */
export const queueMark = "kinora.queue";

let opening: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1);
    request.addEventListener("upgradeneeded", () => request.result.createObjectStore(table));
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

async function within<Result>(
  mode: IDBTransactionMode,
  work: (items: IDBObjectStore) => IDBRequest<Result> | undefined,
): Promise<Result | undefined> {
  const transaction = (await open()).transaction(table, mode);
  const request = work(transaction.objectStore(table));
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve(request?.result));
    for (const event of ["abort", "error"]) {
      transaction.addEventListener(event, () => reject(transaction.error ?? new Error("no memory")));
    }
  });
}

/** Remembers items as they are; one that is over is forgotten. A browser without a memory forgets all. */
export async function remember(all: readonly Kept[]): Promise<void> {
  localStorage.setItem(queueMark, "1");
  await within("readwrite", (items) => {
    for (const record of all) {
      if (isOver(record.item)) items.delete(record.item.key);
      else items.put(record, record.item.key);
    }
    return undefined;
  }).catch(() => undefined);
}

export async function forget(keys: readonly string[]): Promise<void> {
  await within("readwrite", (items) => {
    for (const key of keys) items.delete(key);
    return undefined;
  }).catch(() => undefined);
}

/** All that is remembered, whichever tab it is of. */
export async function recall(): Promise<Kept[]> {
  const records = await within<unknown[]>("readonly", (items) => items.getAll()).catch(() => []);
  return (records ?? []).filter(isKept);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
/** Leaves the records of another version alone. */
const isKept = (value: unknown): value is Kept =>
  isObject(value) && isObject(value["item"]) && typeof value["item"]["key"] === "string" && "sha256" in value["item"];
