import type { BlobStores } from "#kernel/blob/stores";
import { StorageUnavailable } from "#kernel/errors";
import type { Failpoints } from "#kernel/environment/failpoint";
import type { Owners } from "../owners.ts";
import { isOfStore } from "./availability.ts";

/** Why an object cannot be as it should, whatever is tried. */
export const reasons = {
  damaged: "its bytes are not those that were stored",
  no_good_copy: "its bytes are not those that were stored, and no other store has them",
  missing: "its bytes are gone, and no other store has them",
  gave_up: "the store failed again and again",
} as const;
export type Reason = keyof typeof reasons;

export type Outcome =
  | { readonly is: "done" | "repaired" | "skipped" }
  /** A good copy was written then, as its store says. */
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

  /** A good copy of an object that somebody needs, read back after it was written; from wherever it is where `from` is null. */
  async copy(key: string, from: string | null, to: string, throttle: Throttle): Promise<Outcome> {
    const { stores, owners, failpoints } = this.#parts;
    if (!(await owners.isHeld(key))) return { is: "skipped" };
    const source = await this.#sourceOf(key, from, to);
    if (source === undefined) return { is: (await stores.has(to, key)) ? "done" : "skipped" };
    if ((await stores.soundness(to, key, throttle.take)) !== "sound") {
      const isThere = await stores.copyTo(to, key, source, throttle.advance).catch(async (error: unknown) => {
        if (!isOfStore(error) || (await stores.soundness(source, key, throttle.take)) !== "damaged") throw error;
        return "damaged" as const;
      });
      if (isThere === "damaged") return { is: "bad", reason: "damaged" };
      if (!isThere) throw StorageUnavailable({}, new Error("an object was moved by somebody else"));
      await failpoints.hit("transfer.copied");
      await this.#assertSound(to, key, throttle);
    }
    const copy = await stores.has(to, key);
    if (!copy) throw StorageUnavailable({}, new Error("a copy is gone"));
    // It may have been deleted while it was copied: then the copy goes too, and nothing of it is left anywhere.
    if (!(await owners.keep(key, copy.changedAtMs))) return { is: "skipped" };
    await failpoints.hit("transfer.verified");
    return { is: "copied", writtenAtMs: Math.floor(copy.changedAtMs) };
  }

  /** Whether the copy an object was given is still whole, so that the old places may be let go; those it frees. */
  async release(
    key: string,
    from: string | null,
    to: string,
    sizeBytes: number,
  ): Promise<readonly string[] | undefined> {
    const { stores, failpoints } = this.#parts;
    if ((await stores.has(to, key))?.sizeBytes !== sizeBytes) return undefined;
    const freed: string[] = [];
    for (const name of from === null ? stores.names : [from]) {
      if (name === to || !(await stores.has(name, key))) continue;
      if (!(await stores.removeFrom(name, key, [to]))) return undefined;
      freed.push(name);
    }
    await failpoints.hit("transfer.released");
    return freed;
  }

  /** Compares every byte with what was stored. */
  async check(key: string, at: string, throttle: Throttle): Promise<Outcome> {
    const { stores, owners } = this.#parts;
    const before = await stores.has(at, key);
    const found = await stores.soundness(at, key, throttle.advance);
    if (found === "sound") return { is: "done" };
    if (!(await owners.isHeld(key))) return { is: "skipped" };
    if (found === undefined) return this.#checkMissing(key, at);
    if (!(await owners.setAside(key, at, before?.changedAtMs ?? 0)))
      throw StorageUnavailable({}, new Error("an object was stored again while it was read"));
    // Read once more where nobody else writes: it was whole after all, or has been made whole there by hand.
    if ((await stores.soundness(at, key, throttle.take, "quarantine")) !== "sound")
      return { is: "bad", reason: "damaged" };
    await stores.only(at).quarantine.restore(key);
    return { is: before ? "done" : "repaired" };
  }

  /** An object that this store does not have: it may be in another one, or nowhere. */
  async #checkMissing(key: string, at: string): Promise<Outcome> {
    const { stores, owners, withLock } = this.#parts;
    let outcome: Outcome = { is: "skipped" };
    // Nobody lets go of a copy meanwhile, so that what is moved right now is seen in one of its two places.
    await withLock(key, async () => {
      for (const name of stores.names) if ((await stores.has(name, key)) ?? (await stores.isAside(name, key))) return;
      if (!(await owners.isHeld(key)) || !(await owners.setAside(key, at, 0))) return;
      outcome = { is: "bad", reason: "missing" };
    });
    return outcome;
  }

  /** As {@link check}; what is damaged is written again from another store that has it whole. */
  async repair(key: string, at: string, throttle: Throttle): Promise<Outcome> {
    const { stores } = this.#parts;
    const checked = await this.check(key, at, throttle);
    if (checked.is !== "bad" || checked.reason === "missing") return checked;
    for (const other of stores.names) {
      if (other === at || (await stores.soundness(other, key, throttle.take)) !== "sound") continue;
      if (!(await stores.copyTo(at, key, other, throttle.take))) continue;
      await this.#assertSound(at, key, throttle);
      return { is: "repaired" };
    }
    return { is: "bad", reason: "no_good_copy" };
  }

  /** Reads back what was written. What is not good goes: a reader could find it. @throws StorageUnavailable */
  async #assertSound(name: string, key: string, throttle: Throttle): Promise<void> {
    const { stores, withLock } = this.#parts;
    const found = await stores.soundness(name, key, throttle.take);
    if (found === "sound") return;
    if (found === "damaged") await withLock(key, () => stores.only(name).remove(key));
    throw StorageUnavailable({}, new Error("what was read back is not what was written"));
  }

  async #sourceOf(key: string, from: string | null, to: string): Promise<string | undefined> {
    const { stores } = this.#parts;
    for (const name of from === null ? stores.names : [from])
      if (name !== to && (await stores.has(name, key))) return name;
    return undefined;
  }
}
