import assert from "node:assert/strict";
import { StorageUnavailable } from "../../errors.ts";
import { isFoundDamage } from "../checksums.ts";
import { isDamaged, unlessDamaged } from "../damaged.ts";
import { DamageReports } from "./damage-reports.ts";
import { Digest, type Digests } from "../digest.ts";
import { EveryQuarantine } from "./every-quarantine.ts";
import { Finder } from "./finder.ts";
import { defaultStore, type Places, storeFor } from "./places.ts";
import type {
  Belonging,
  BlobReader,
  BlobStore,
  BlobWriter,
  DirectRequest,
  Intake,
  Listed,
  LocalFile,
  Piece,
  PieceWriter,
  Quarantine,
  StoredBlob,
  Unready,
} from "../port.ts";

/** A store that can be one of several: its pieces can be read, to become an object of another. */
export interface MemberStore extends BlobStore {}

interface Found {
  readonly sizeBytes: number;
  readonly changedAtMs: number;
}

interface BlobStoresParts {
  /** By their names, in the order they are looked in; the first one is the default. */
  readonly stores: ReadonlyMap<string, MemberStore>;
  readonly places: Places;
}

/** An object that is open in one of the stores. */
interface Opened {
  readonly name: string;
  readonly found: BlobReader;
}

const chunkBytes = 2 ** 20;

interface Stretch {
  readonly position: number;
  readonly length: number;
}
const stretchesMax = 1_000;

/**
 * Several stores behind one port. Content goes to the store for it and is read from wherever it is: the default store is
 * looked in first. A store that cannot be reached fails what is on it, and answers about what may be.
 */
export class BlobStores implements BlobStore {
  readonly #stores: ReadonlyMap<string, MemberStore>;
  readonly #places: Places;
  readonly #objects: Finder;
  readonly #pieces: Finder;
  /**
   * The places where readers found damage, by store and key. Such a stretch is read before the object is given out
   * again.
   */
  readonly #foundAt = new Map<string, Stretch>();
  /** Reports of damaged or missing objects by readers. */
  readonly damage = new DamageReports();

  constructor({ stores, places }: BlobStoresParts) {
    this.#stores = stores;
    this.#places = places;
    this.#objects = new Finder([...stores.keys()]);
    this.#pieces = new Finder([...stores.keys()]);
    for (const name of Object.values(places)) this.only(name);
  }

  /** In the order they are looked in; the first one is the default. */
  get names(): readonly string[] {
    return [...this.#stores.keys()];
  }

  /** One of them, alone. */
  only(name: string): MemberStore {
    const store = this.#stores.get(name);
    if (!store) throw new TypeError(`there is no store ${name}`);
    return store;
  }

  /**
   * The quarantine of all stores. An object is set aside in the stores that have it; one that no store has, in the
   * default one.
   */
  get quarantine(): Quarantine {
    return new EveryQuarantine(this);
  }

  storeFor(content: Belonging): string {
    const name = storeFor(this.#places, content);
    return this.#stores.has(name) ? name : this.#default;
  }

  async create(space: string, intake: Intake = {}): Promise<BlobWriter> {
    const name = intake.store ?? this.storeFor({ space });
    const writer = await this.only(name).create(space, intake);
    return {
      write: (bytes) => writer.write(bytes),
      commit: async () => this.#rememberPlace(await writer.commit(), name),
      abort: () => writer.abort(),
    };
  }

  async adopt(space: string, path: string): Promise<StoredBlob> {
    const name = this.storeFor({ space });
    return this.#rememberPlace(await this.only(name).adopt(space, path), name);
  }

  async piece(after?: Piece, { store }: Pick<Intake, "store"> = {}): Promise<PieceWriter> {
    // A piece is continued in its store, even if the configuration has changed.
    const name = (after && (await this.#placeOf(after.name))) ?? store ?? this.#default;
    const writer = await this.only(name).piece(after);
    return {
      isGrowing: writer.isGrowing,
      write: (bytes) => writer.write(bytes),
      keep: async () => {
        const pieces = await writer.keep();
        for (const piece of pieces) this.#pieces.remember(piece.name, name);
        return pieces;
      },
      close: () => writer.close(),
    };
  }

  async salvage(piece: string): Promise<number | undefined> {
    return (await this.#pieces.find(piece, (name) => this.only(name).salvage(piece)))?.found;
  }

  async assemble(
    space: string,
    pieces: readonly Piece[],
    intake: Intake & { readonly knownDigests?: Digests } = {},
  ): Promise<StoredBlob> {
    const name = intake.store ?? this.storeFor({ space });
    const places: string[] = [];
    for (const piece of pieces) places.push((await this.#placeOf(piece.name)) ?? failMissing());
    if (places.every((place) => place === name))
      return this.#rememberPlace(await this.only(name).assemble(space, pieces, intake), name);
    const { also, knownDigests } = intake;
    const digest = new Digest();
    const writer = await this.only(name).create(space, also ? { also } : {});
    try {
      for await (const bytes of this.pieceBytes(pieces)) {
        digest.update(bytes);
        await writer.write(bytes);
      }
      if (knownDigests && digest.result().sha256 !== knownDigests.sha256)
        throw StorageUnavailable({}, new Error("the bytes that were kept are not those that came"));
      return this.#rememberPlace(await writer.commit(), name);
    } finally {
      await writer.abort();
    }
  }

  async *pieceBytes(pieces: readonly Piece[]): AsyncIterable<Uint8Array> {
    for (const piece of pieces)
      yield* this.only((await this.#placeOf(piece.name)) ?? failMissing()).pieceBytes([piece]);
  }

  async pieceRange(name: string, from: number, length: number): Promise<Uint8Array> {
    return this.only((await this.#placeOf(name)) ?? failMissing()).pieceRange(name, from, length);
  }

  async drop(names: readonly string[]): Promise<void> {
    // A store that is down may have nothing of them, but who knows.
    await this.#everywhere(async (store, place) => {
      const here = names.filter((name) => (this.#pieces.placeOf(name) ?? place) === place);
      if (here.length > 0) await store.drop(here);
    });
    for (const name of names) this.#pieces.forget(name);
  }

  pieces(): AsyncIterable<{ readonly name: string; readonly changedAtMs: number }> {
    return this.#listEach((store) => store.pieces());
  }

  async open(key: string): Promise<BlobReader | undefined> {
    const opened = await this.#objects.find(key, (name) => this.#openSound(name, key));
    return opened && this.#following(key, opened);
  }

  async local(key: string): Promise<LocalFile | undefined> {
    const local = (name: string) =>
      this.only(name)
        .local(key)
        .catch((error: unknown) => {
          this.#reportDamage(name, key, error);
          throw error;
        });
    return (await this.#objects.find(key, local))?.found;
  }

  reportMissing(key: string): void {
    this.damage.report({ key, store: this.#default });
  }

  /** Examines the object in the first store that has it. */
  async examine(key: string, passed?: (sizeBytes: number) => Promise<void>): Promise<"sound" | "damaged" | undefined> {
    return (await this.#objects.find(key, (name) => this.only(name).examine(key, passed)))?.found;
  }

  async changedAt(key: string): Promise<number | undefined> {
    const times: number[] = [];
    for (const name of this.names) {
      const [object, aside] = [await this.has(name, key), await this.isAside(name, key)];
      times.push(object?.changedAtMs ?? aside?.changedAtMs ?? Number.NEGATIVE_INFINITY);
    }
    const last = Math.max(...times);
    return last === Number.NEGATIVE_INFINITY ? undefined : last;
  }

  async remove(key: string): Promise<void> {
    this.#objects.forget(key);
    await this.#everywhere((store) => store.remove(key));
  }

  list(space: string): AsyncIterable<Listed> {
    return this.#listEach((store) => store.list(space));
  }

  scratch(name: string): Promise<LocalFile> {
    return this.only(this.#default).scratch(name);
  }

  async sweep(olderThanMs: number): Promise<number> {
    let removed = 0;
    await this.#everywhere(async (store) => {
      removed += await store.sweep(olderThanMs);
    });
    return removed;
  }

  /** The state of the default store; another store that is down fails only its own objects. */
  ready(): Promise<Unready | undefined> {
    return this.only(this.#default).ready();
  }

  async directPiece(
    sizeBytes: number,
    expiresMs: number,
    { store = this.#default }: Pick<Intake, "store"> = {},
  ): Promise<{ name: string; request: DirectRequest } | undefined> {
    const direct = await this.only(store).directPiece?.(sizeBytes, expiresMs);
    if (direct) this.#pieces.remember(direct.name, store);
    return direct;
  }

  async directRead(
    key: string,
    as: { readonly mime: string; readonly disposition?: string; readonly expiresMs: number },
  ): Promise<DirectRequest | undefined> {
    const at = await this.#objects.find(key, (name) => this.#look(name, key));
    return at && this.only(at.name).directRead?.(key, as);
  }

  /** The object in one store; undefined where it was set aside. */
  async has(name: string, key: string): Promise<Found | undefined> {
    return this.#look(name, key).catch(unlessDamaged);
  }

  /** The object in the quarantine of one store, and since when. */
  async isAside(name: string, key: string): Promise<Found | undefined> {
    return foundOf(await this.only(name).quarantine.open(key));
  }

  /**
   * Copies an object from one store to another, over what is there, and compares every byte; false where there is none.
   * `passed` is waited for before each stretch of bytes; what it throws ends the copy and leaves nothing of it.
   */
  async copyTo(to: string, key: string, from: string, passed?: (sizeBytes: number) => Promise<void>): Promise<boolean> {
    const object = await this.only(from).open(key);
    if (!object) return false;
    const [space = "", sha256] = key.split("/");
    try {
      const writer = await this.only(to).create(space);
      const digest = new Digest();
      try {
        for (let at = 0; at < object.sizeBytes; at += chunkBytes) {
          await passed?.(Math.min(chunkBytes, object.sizeBytes - at));
          const bytes = await object.read(at, chunkBytes);
          digest.update(bytes);
          await writer.write(bytes);
        }
        if (digest.result().sha256 !== sha256)
          throw StorageUnavailable({}, new Error("the bytes of an object are not those that were stored"));
        await writer.commit();
      } finally {
        await writer.abort();
      }
    } finally {
      await object.close();
    }
    return true;
  }

  /**
   * Reads an object of one store to its end; `damaged` where its bytes are not those of its name or were set aside,
   * undefined where there is none. `passed` as in {@link copyTo}. `of` reads what was set aside instead.
   */
  async soundness(
    name: string,
    key: string,
    passed?: (sizeBytes: number) => Promise<void>,
    of: "object" | "quarantine" = "object",
  ): Promise<"sound" | "damaged" | undefined> {
    const store = this.only(name);
    if (of === "object")
      return store.examine(key, passed).catch((error: unknown) => {
        unlessDamaged(error);
        return "damaged";
      });
    const object = await store.quarantine.open(key);
    if (!object) return undefined;
    const digest = new Digest();
    try {
      for (let at = 0; at < object.sizeBytes; at += chunkBytes) {
        await passed?.(Math.min(chunkBytes, object.sizeBytes - at));
        digest.update(await object.read(at, chunkBytes));
      }
    } finally {
      await object.close();
    }
    return digest.result().sha256 === key.split("/")[1] ? "sound" : "damaged";
  }

  /** Removes an object from one store; false, and it stays, where no other (of `among`) has it whole. */
  async removeFrom(name: string, key: string, among: readonly string[] = this.names): Promise<boolean> {
    const here = await this.has(name, key);
    if (!here) return true;
    for (const other of among) {
      if (other === name || (await this.has(other, key))?.sizeBytes !== here.sizeBytes) continue;
      this.#objects.remember(key, other);
      await this.only(name).remove(key);
      return true;
    }
    return false;
  }

  async #look(name: string, key: string): Promise<Found | undefined> {
    return foundOf(await this.only(name).open(key));
  }

  get #default(): string {
    const [first] = this.names;
    assert.ok(first !== undefined, "there is no store");
    return first;
  }

  #rememberPlace(blob: StoredBlob, name: string): StoredBlob {
    this.#objects.remember(blob.key, name);
    return blob;
  }

  async #placeOf(piece: string): Promise<string | undefined> {
    const remembered = this.#pieces.placeOf(piece);
    return remembered ?? (await this.#pieces.find(piece, (name) => this.only(name).salvage(piece)))?.name;
  }

  /**
   * Objects are moved while they are read: one that is missing here is looked for everywhere again. One that is damaged here
   * is read from another store.
   */
  #following(key: string, opened: Opened): BlobReader {
    const { sizeBytes, changedAtMs } = opened.found;
    let { name, found: reader } = opened;
    return {
      sizeBytes,
      changedAtMs,
      read: async (position, length, into) => {
        const damagedIn = new Set<string>();
        for (let attempt = 0; ; attempt += 1)
          try {
            return await reader.read(position, length, into);
          } catch (error) {
            this.#reportDamage(name, key, error);
            if (isFoundDamage(error)) this.#rememberDamage(name, key, { position, length });
            if (isDamaged(error)) damagedIn.add(name);
            const again = attempt < this.#stores.size ? await this.#openBut(damagedIn, key, sizeBytes) : undefined;
            if (!again) throw error;
            await reader.close();
            ({ name, found: reader } = again);
          }
      },
      close: () => reader.close(),
    };
  }

  /** The object in one store. @throws ObjectDamaged where it still is as a reader found it */
  async #openSound(name: string, key: string): Promise<BlobReader | undefined> {
    const reader = await this.only(name).open(key);
    const stretch = this.#foundAt.get(`${name} ${key}`);
    if (!reader || !stretch) return reader;
    try {
      await reader.read(stretch.position, stretch.length);
    } catch (error) {
      await reader.close();
      throw error;
    }
    this.#foundAt.delete(`${name} ${key}`);
    return reader;
  }

  #rememberDamage(name: string, key: string, stretch: Stretch): void {
    this.#foundAt.delete(`${name} ${key}`);
    this.#foundAt.set(`${name} ${key}`, stretch);
    const [oldest] = this.#foundAt.size > stretchesMax ? this.#foundAt.keys() : [];
    if (oldest !== undefined) this.#foundAt.delete(oldest);
  }

  /** The object in the first store that has it undamaged. */
  async #openBut(damagedIn: ReadonlySet<string>, key: string, sizeBytes: number): Promise<Opened | undefined> {
    this.#objects.forget(key);
    const open = async (name: string) => (damagedIn.has(name) ? undefined : this.only(name).open(key));
    const opened = await this.#objects.find(key, open).catch(unlessDamaged);
    if (!opened || opened.found.sizeBytes === sizeBytes) return opened;
    await opened.found.close();
    return undefined;
  }

  #reportDamage(store: string, key: string, error: unknown): void {
    if (isFoundDamage(error)) this.damage.report({ key, store });
  }

  /** Does it with each store, and then says which first failure there was. */
  async #everywhere(work: (store: MemberStore, name: string) => Promise<void>): Promise<void> {
    const done = await Promise.allSettled([...this.#stores].map(async ([name, store]) => work(store, name)));
    for (const outcome of done) if (outcome.status === "rejected") throw outcome.reason;
  }

  /** All that can be reached, before it says what cannot. */
  async *#listEach<T>(of: (store: MemberStore) => AsyncIterable<T>): AsyncIterable<T> {
    const failures: unknown[] = [];
    for (const store of this.#stores.values())
      try {
        yield* of(store);
      } catch (error) {
        failures.push(error);
      }
    if (failures.length > 0) throw failures[0];
  }
}

/** The stores behind a port: one alone is a set of one. */
export function asStores(blob: BlobStore): BlobStores {
  if (blob instanceof BlobStores) return blob;
  if (!isMember(blob)) throw new TypeError("this store cannot be one of several");
  return new BlobStores({ stores: new Map([[defaultStore, blob]]), places: {} });
}

async function foundOf(object: BlobReader | undefined): Promise<Found | undefined> {
  await object?.close();
  return object && { sizeBytes: object.sizeBytes, changedAtMs: object.changedAtMs };
}

const isMember = (blob: BlobStore): blob is MemberStore => "pieceBytes" in blob;

function failMissing(): never {
  throw StorageUnavailable({}, new Error("a piece is missing"));
}
