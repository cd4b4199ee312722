/** Digests that some clients know content by, beside the SHA-256 it is stored under. Lower-case hexadecimal. */
export type OtherHash = "md5" | "sha1";
export type OtherDigests = { readonly [H in OtherHash]?: string };

/** A stored object under its key `<space>/<sha256>`. The same bytes in one space are one object. */
export interface StoredBlob extends OtherDigests {
  readonly key: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** How an object is taken in. */
export interface Intake {
  /** Computed in the same pass, and yielded in {@link StoredBlob}. */
  readonly also?: readonly OtherHash[];
  /** The store it goes to where there are several; otherwise the one for its space. */
  readonly store?: string | undefined;
}

/** The facts that decide which store content goes to. */
export interface Belonging {
  readonly space: string;
  /** The kind of content: `video`, `audio`, `image` or `other`. */
  readonly kind?: string | undefined;
  readonly userId?: number | undefined;
}

/** Takes the bytes of a new object in order; nobody sees the object before `commit` settles. */
export interface BlobWriter {
  /**
   * Settles when the store took the bytes, which are the caller's again then: the back-pressure of an upload.
   * @throws StorageFull, StorageUnavailable
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Makes the object durable and visible. @throws StorageFull, StorageUnavailable */
  commit(): Promise<StoredBlob>;
  /** Leaves nothing behind; after `commit` it does nothing. */
  abort(): Promise<void>;
}

/**
 * Bytes that are on their way to become an object and are kept until then, between requests and processes. A piece is
 * named by the store, and by nothing a client said.
 */
export interface Piece {
  readonly name: string;
  /** The number of bytes that count: later ones were never acknowledged. */
  readonly sizeBytes: number;
  /** The digest of these bytes where it was recorded on arrival: assembling them compares it. */
  readonly sha256?: string | null | undefined;
}

/**
 * Takes bytes to keep. One writer at a time has a piece; who may go on with one is its caller's to know. After a failure
 * it is closed, and another one goes on after what was kept.
 */
export interface PieceWriter {
  /** True if bytes are added in place. Then keeping costs little, and bytes may be written at the same time. */
  readonly isGrowing: boolean;
  /** As an object's writer. @throws StorageFull, StorageUnavailable */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Makes everything written so far durable. Returns all pieces of this writer in order, including the one that it
   * continued. Without bytes a store may make an empty piece, or none. @throws StorageFull, StorageUnavailable
   */
  keep(): Promise<readonly Piece[]>;
  /** Closes the piece: the bytes of the last `keep` stay, later ones are dropped or do not count. */
  close(): Promise<void>;
}

/** An object open for reading: it yields exactly the stored bytes, or fails with ObjectDamaged. */
export interface BlobReader {
  readonly sizeBytes: number;
  /** When it was last written, in milliseconds since 1970; storing the same bytes again counts. */
  readonly changedAtMs: number;
  /**
   * Up to `length` bytes from `position`; fewer only at the end. They are put `into` memory of the caller's where that is
   * given, has room for them and the store needs no memory of its own.
   */
  read(position: number, length: number, into?: Buffer): Promise<Buffer>;
  close(): Promise<void>;
}

/** An object as a listing shows it; the time it was last written is in milliseconds since 1970. */
export interface Listed {
  readonly key: string;
  readonly sizeBytes: number;
  readonly changedAtMs: number;
}

/** A place on the local disk that a child process can use. */
export interface LocalFile extends AsyncDisposable {
  readonly path: string;
}

/** A request a client may make of the store itself, once, until it expires. */
export interface DirectRequest {
  readonly method: "GET" | "PUT";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Objects whose bytes differ from the stored content, kept under names that no reader finds. An object that was set
 * aside is ObjectDamaged to every reader until the same content is stored again.
 */
export interface Quarantine {
  /** Sets an object aside, durably; of one that has no bytes any more an empty mark is left. */
  put(key: string): Promise<void>;
  /** A reader of an object that was set aside, for inspection. */
  open(key: string): Promise<BlobReader | undefined>;
  /** Puts an object that was set aside back in its place, unless the content has been stored again. */
  restore(key: string): Promise<void>;
  /** Deletes an object that was set aside. */
  drop(key: string): Promise<void>;
  /**
   * The objects of a space that were set aside, each with its time. Objects that were stored again since are included.
   */
  list(space: string): AsyncIterable<Listed>;
}

/** Why a store takes no objects now. */
export interface Unready {
  /** In plain words. */
  readonly reason: string;
  /** Its objects can still be read. */
  readonly canRead: boolean;
}

/** Content-addressed storage in spaces: each service keeps and removes objects in its own. */
export interface BlobStore {
  readonly quarantine: Quarantine;
  create(space: string, intake?: Intake): Promise<BlobWriter>;
  /** Moves a finished file of the local disk into the store. @throws StorageFull, StorageUnavailable */
  adopt(space: string, path: string): Promise<StoredBlob>;
  /**
   * Begins a piece, or goes on with one at its counted end: what lies behind that is cut off. A store that cannot add to
   * a piece, or to one that an object was made of, begins another one. Pieces are best where their object will be.
   * @throws StorageFull, StorageUnavailable, also where the piece is missing or shorter than counted
   */
  piece(after?: Piece, intake?: Pick<Intake, "store">): Promise<PieceWriter>;
  /**
   * The bytes a piece really has, made durable: more than its record counts where its writer was killed, on a
   * machine that has been running since. Undefined where it is missing.
   */
  salvage(name: string): Promise<number | undefined>;
  /**
   * Makes one object of pieces in this order; they stay until they are dropped. `known` is what the caller computed while
   * exactly these bytes passed: it is believed where the store needs not read them, and compared where it does.
   * @throws StorageFull, StorageUnavailable, also where a piece is missing or shorter than counted
   */
  assemble(
    space: string,
    pieces: readonly Piece[],
    intake?: Intake & { readonly knownDigests?: OtherDigests & { readonly sha256: string } },
  ): Promise<StoredBlob>;
  /**
   * The counted bytes of pieces in this order. @throws StorageUnavailable where one is missing or shorter than counted
   */
  pieceBytes(pieces: readonly Piece[]): AsyncIterable<Uint8Array>;
  /** Bytes of one piece, which were made durable. @throws StorageUnavailable where they are missing */
  pieceRange(name: string, from: number, length: number): Promise<Uint8Array>;
  /** Removes pieces; those that do not exist are none. */
  drop(names: readonly string[]): Promise<void>;
  /** Every piece, with the time it was last written. */
  pieces(): AsyncIterable<{ readonly name: string; readonly changedAtMs: number }>;
  /** The store that new content goes to, to be named in its {@link Intake}; undefined where there is one. */
  storeFor?(content: Belonging): string;
  /** Undefined where there is no such object. @throws ObjectDamaged where it was set aside; a reader throws it too */
  open(key: string): Promise<BlobReader | undefined>;
  /** The object as a file to read; the lease keeps it there. @throws ObjectDamaged */
  local(key: string): Promise<LocalFile | undefined>;
  /**
   * Reads an object to its end and compares it with its name; undefined where there is none. The checksums of one that is
   * sound are so afterwards. `passed` is waited for before each stretch of bytes. @throws ObjectDamaged where it was set aside
   */
  examine(key: string, passed?: (sizeBytes: number) => Promise<void>): Promise<"sound" | "damaged" | undefined>;
  /** Reports an object that no store has, though a record refers to it. */
  reportMissing?(key: string): void;
  /** When the object was last written, also where there are copies of it; {@link BlobReader.changedAtMs} says so of one. */
  changedAt?(key: string): Promise<number | undefined>;
  /** Removes the object if it exists, and its quarantined copy. The caller knows that no record refers to it. */
  remove(key: string): Promise<void>;
  /** Every object of a space. */
  list(space: string): AsyncIterable<Listed>;
  /** A new empty folder on the local disk, removed when disposed. */
  scratch(name: string): Promise<LocalFile>;
  /** Removes what writers and scratch folders of dead processes left; yields how many. Pieces stay. */
  sweep(olderThanMs: number): Promise<number>;
  /** Undefined when objects can be written now. */
  ready(): Promise<Unready | undefined>;
  /** Lets a client send the bytes of a new piece to the store itself; undefined where the store is not reached by clients. */
  directPiece?(
    sizeBytes: number,
    expiresMs: number,
    intake?: Pick<Intake, "store">,
  ): Promise<{ name: string; request: DirectRequest } | undefined>;
  /** Lets a client fetch an object from the store itself, as a file of this name; undefined as above. */
  directRead?(
    key: string,
    as: { readonly mime: string; readonly disposition?: string; readonly expiresMs: number },
  ): Promise<DirectRequest | undefined>;
}

const safeKey = /^[a-z]{1,20}\/[0-9a-f]{64}$/;
export const isKey = (key: string): boolean => safeKey.test(key);
/** Keys are ours alone; anything else never becomes a path (security S4.1). */
export function assertKey(key: string): void {
  if (!isKey(key)) throw new TypeError("not the key of a stored object");
}

const safePiece = /^[0-9a-f]{32}$/;
export const isPiece = (name: string): boolean => safePiece.test(name);
/** Names of pieces are ours alone, as keys are. */
export function assertPiece(name: string): void {
  if (!isPiece(name)) throw new TypeError("not the name of a stored piece");
}
