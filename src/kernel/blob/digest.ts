import { createHash, type Hash } from "node:crypto";
import { BlockChecksumPass, type BlockChecksums } from "./block-checksums.ts";
import type { OtherDigests, OtherHash } from "./port.ts";

/** The SHA-256 that content is stored under, with what else was asked for. Lower-case hexadecimal. */
export type Digests = OtherDigests & { readonly sha256: string };

/** Computes the digests of bytes while they pass, and the checksums of their blocks. */
export class Digest {
  readonly #hashes: ReadonlyMap<"sha256" | OtherHash, Hash>;
  readonly #checksums = new BlockChecksumPass();

  constructor(also: readonly OtherHash[] = []) {
    this.#hashes = new Map((["sha256", ...also] as const).map((name) => [name, createHash(name)]));
  }

  update(bytes: Uint8Array): void {
    for (const hash of this.#hashes.values()) hash.update(bytes);
    this.#checksums.update(bytes);
  }

  /** Ends it: no bytes may follow. */
  result(): Digests {
    const digests = Object.fromEntries([...this.#hashes].map(([name, hash]) => [name, hash.digest("hex")]));
    return digests as Digests; // The constructor put the SHA-256 and nothing but these names in.
  }

  checksums(): BlockChecksums {
    return this.#checksums.result();
  }
}

/** `known` when it answers everything that is asked for. */
export function sufficient(knownDigests: Digests | undefined, also: readonly OtherHash[] = []): Digests | undefined {
  return knownDigests !== undefined && also.every((name) => knownDigests[name] !== undefined)
    ? knownDigests
    : undefined;
}
