const databaseName = "kinora-handles";
const table = "files";

/** The file of a handle, read again; `null` where the browser does not allow it. `mayAsk` lets it ask the user. */
export async function readAgain(handle: FileSystemFileHandle, mayAsk: boolean): Promise<File | null> {
  try {
    const able = handle as FileSystemFileHandle & {
      queryPermission?: (how: { mode: "read" }) => Promise<string>;
      requestPermission?: (how: { mode: "read" }) => Promise<string>;
    }; // Not in the types yet.
    let allowed = (await able.queryPermission?.({ mode: "read" })) ?? "granted";
    if (allowed === "prompt" && mayAsk) allowed = (await able.requestPermission?.({ mode: "read" })) ?? "denied";
    return allowed === "granted" ? await handle.getFile() : null;
  } catch {
    return null;
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1);
    request.addEventListener("upgradeneeded", () => request.result.createObjectStore(table));
    request.addEventListener("error", () => reject(request.error ?? new Error("no memory")));
    request.addEventListener("success", () => resolve(request.result));
  });
}

async function within<Result>(work: (files: IDBObjectStore) => IDBRequest<Result>): Promise<Result> {
  const database = await open();
  try {
    const request = work(database.transaction(table, "readwrite").objectStore(table));
    return await new Promise((resolve, reject) => {
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => reject(request.error ?? new Error("no memory")));
    });
  } finally {
    database.close();
  }
}

/** Remembers how to read a file after a reload. A browser without a memory asks for the file again. */
export const keepHandle = (key: string, handle: FileSystemFileHandle): void =>
  void within((files) => files.put(handle, key)).catch(() => undefined);

export const dropHandle = (key: string): void => void within((files) => files.delete(key)).catch(() => undefined);

export async function recallHandle(key: string): Promise<FileSystemFileHandle | null> {
  const handle: unknown = await within((files) => files.get(key)).catch(() => null);
  return handle != null && handle instanceof FileSystemFileHandle ? handle : null;
}
