/** What a stored object is known by: `<space>/<sha256>`. The same bytes in one space are one object. */
export interface StoredBlob {
  readonly key: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Takes the bytes of a new object in order; nobody sees the object before `commit` settles. */
export interface BlobWriter {
  /** Settles when the store took the bytes: the back-pressure of an upload. @throws StorageFull, StorageUnavailable */
  write(bytes: Uint8Array): Promise<void>;
  /** Makes the object durable and visible. @throws StorageFull, StorageUnavailable */
  commit(): Promise<StoredBlob>;
  /** Leaves nothing behind; after `commit` it does nothing. */
  abort(): Promise<void>;
}

/** An object open for reading. */
export interface BlobReader {
  readonly sizeBytes: number;
  /** When it was last written, in milliseconds since 1970; storing the same bytes again counts. */
  readonly changedAtMs: number;
  /** Up to `length` bytes from `position`; fewer only at the end. */
  read(position: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** A place on the local disk that a child process can use. */
export interface LocalFile extends AsyncDisposable {
  readonly path: string;
}

/** Content-addressed storage in spaces: each service keeps and removes objects in its own. */
export interface BlobStore {
  create(space: string): Promise<BlobWriter>;
  /** Moves a finished file of the local disk into the store. @throws StorageFull, StorageUnavailable */
  adopt(space: string, path: string): Promise<StoredBlob>;
  /** Undefined where there is no such object. */
  open(key: string): Promise<BlobReader | undefined>;
  /** The object as a file to read; the lease keeps it there. */
  local(key: string): Promise<LocalFile | undefined>;
  /** Removes the object if it exists. Whoever calls knows that no record refers to it. */
  remove(key: string): Promise<void>;
  /** Every object of a space, with the time it was last written in milliseconds since 1970. */
  list(space: string): AsyncIterable<{ readonly key: string; readonly changedAtMs: number }>;
  /** A new empty folder on the local disk, gone when disposed. */
  scratch(name: string): Promise<LocalFile>;
  /** Removes what writers and scratch folders of dead processes left; yields how many. */
  sweep(olderThanMs: number): Promise<number>;
  /** Undefined when objects can be written now, else why not, in plain words. */
  ready(): Promise<string | undefined>;
}

const safeKey = /^[a-z]{1,20}\/[0-9a-f]{64}$/;
export const isKey = (key: string): boolean => safeKey.test(key);
/** Keys are ours alone; anything else never becomes a path (security S4.1). */
export function assertKey(key: string): void {
  if (!isKey(key)) throw new TypeError("not the key of a stored object");
}
