import type { BlobStores } from "#kernel/blob/stores/stores";
import { StorageUnavailable } from "#kernel/errors";
import type { Failpoints } from "#kernel/environment/failpoint";
import type { Owners } from "../owners.ts";
import { isOfStore } from "./availability.ts";

/** Why an object cannot be transferred or repaired. */
export const reasons = {
  damaged: "its bytes are not those that were stored",
  no_good_copy: "its bytes are not those that were stored, and no other store has them",
  missing: "its bytes are missing, and no other store has them",
  gave_up: "the store failed again and again",
} as const;
export type Reason = keyof typeof reasons;

export type Outcome =
  | { readonly is: "done" | "repaired" | "skipped" }
  /** When a good copy was written, as its store says. */
  | { readonly is: "copied"; readonly writtenAtMs: number }
  | { readonly is: "bad"; readonly reason: Reason };

/** Awaited before each chunk of bytes is read; an error of it ends the work. */
export interface Throttle {
  readonly take: (sizeBytes: number) => Promise<void>;
  /** As `take`, for bytes that count towards the progress of the transfer. */
  readonly advance: (sizeBytes: number) => Promise<void>;
}

interface Parts {
  readonly stores: BlobStores;
  readonly owners: Owners;
  readonly failpoints: Failpoints;
  /** Runs `work` while no other transfer removes a copy of this object. */
  readonly withLock: (key: string, work: () => Promise<void>) => Promise<void>;
}

/** Operations on one object; each may be repeated after it was interrupted at any point. */
export class ObjectOperations {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Copies an object that an owner needs, and reads the copy back; from any store that has it where `from` is null. */
  async copy(key: string, from: string | null, to: string, throttle: Throttle): Promise<Outcome> {
    const { stores, owners, failpoints } = this.#parts;
    if (!(await owners.isReferenced(key))) return { is: "skipped" };
    const source = await this.#sourceOf(key, from, to);
    if (source === undefined) return { is: (await stores.has(to, key)) ? "done" : "skipped" };
    if ((await stores.soundness(to, key, throttle.take)) !== "sound") {
      const isThere = await stores.copyTo(to, key, source, throttle.advance).catch(async (error: unknown) => {
        if (!isOfStore(error) || (await stores.soundness(source, key, throttle.take)) !== "damaged") throw error;
        return "damaged" as const;
      });
      if (isThere === "damaged") return { is: "bad", reason: "damaged" };
      if (!isThere) throw StorageUnavailable({}, new Error("the object was moved by another transfer"));
      await failpoints.hit("transfer.copied");
      await this.#assertSound(to, key, throttle);
    }
    const copy = await stores.has(to, key);
    if (!copy) throw StorageUnavailable({}, new Error("a copy was deleted"));
    // The object may have been deleted while it was copied: then the copy is deleted as well.
    if (!(await owners.keep(key, copy.changedAtMs))) return { is: "skipped" };
    await failpoints.hit("transfer.verified");
    return { is: "copied", writtenAtMs: Math.floor(copy.changedAtMs) };
  }

  /** Removes the old copies where the new one still has its full size; yields the stores they were in, else undefined. */
  async release(
    key: string,
    from: string | null,
    to: string,
    sizeBytes: number,
  ): Promise<readonly string[] | undefined> {
    const { stores, failpoints } = this.#parts;
    if ((await stores.has(to, key))?.sizeBytes !== sizeBytes) return undefined;
    const freedStores: string[] = [];
    for (const name of from === null ? stores.names : [from]) {
      if (name === to || !(await stores.has(name, key))) continue;
      if (!(await stores.removeFrom(name, key, [to]))) return undefined;
      freedStores.push(name);
    }
    await failpoints.hit("transfer.released");
    return freedStores;
  }

  /** Compares every byte with the stored checksums. */
  async check(key: string, at: string, throttle: Throttle): Promise<Outcome> {
    const { stores, owners } = this.#parts;
    const before = await stores.has(at, key);
    const soundness = await stores.soundness(at, key, throttle.advance);
    if (soundness === "sound") return { is: "done" };
    if (!(await owners.isReferenced(key))) return { is: "skipped" };
    if (soundness === undefined) return this.#checkMissing(key, at);
    if (!(await owners.setAside(key, at, before?.changedAtMs ?? 0)))
      throw StorageUnavailable({}, new Error("the object was stored again while it was read"));
    // Read once more where nothing else writes: it was whole after all, or was repaired there by hand.
    if ((await stores.soundness(at, key, throttle.take, "quarantine")) !== "sound")
      return { is: "bad", reason: "damaged" };
    await stores.only(at).quarantine.restore(key);
    return { is: before ? "done" : "repaired" };
  }

  /** Handles an object that this store does not have: another one may have it, or none. */
  async #checkMissing(key: string, at: string): Promise<Outcome> {
    const { stores, owners, withLock } = this.#parts;
    let outcome: Outcome = { is: "skipped" };
    // No copy is removed meanwhile, so that an object that is being moved is found in one of its two places.
    await withLock(key, async () => {
      for (const name of stores.names) if ((await stores.has(name, key)) ?? (await stores.isAside(name, key))) return;
      if (!(await owners.isReferenced(key)) || !(await owners.setAside(key, at, 0))) return;
      outcome = { is: "bad", reason: "missing" };
    });
    return outcome;
  }

  /** As {@link check}; a damaged object is written again from another store that has it whole. */
  async repair(key: string, at: string, throttle: Throttle): Promise<Outcome> {
    const { stores } = this.#parts;
    const outcome = await this.check(key, at, throttle);
    if (outcome.is !== "bad" || outcome.reason === "missing") return outcome;
    for (const other of stores.names) {
      if (other === at || (await stores.soundness(other, key, throttle.take)) !== "sound") continue;
      if (!(await stores.copyTo(at, key, other, throttle.take))) continue;
      await this.#assertSound(at, key, throttle);
      return { is: "repaired" };
    }
    return { is: "bad", reason: "no_good_copy" };
  }

  /** Reads the written copy back. A bad copy is removed, as a reader could find it. @throws StorageUnavailable */
  async #assertSound(name: string, key: string, throttle: Throttle): Promise<void> {
    const { stores, withLock } = this.#parts;
    const soundness = await stores.soundness(name, key, throttle.take);
    if (soundness === "sound") return;
    if (soundness === "damaged") await withLock(key, () => stores.only(name).remove(key));
    throw StorageUnavailable({}, new Error("what was read back is not what was written"));
  }

  async #sourceOf(key: string, from: string | null, to: string): Promise<string | undefined> {
    const { stores } = this.#parts;
    for (const name of from === null ? stores.names : [from])
      if (name !== to && (await stores.has(name, key))) return name;
    return undefined;
  }
}
