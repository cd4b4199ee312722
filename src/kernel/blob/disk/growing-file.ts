import type { FileHandle } from "node:fs/promises";
import { lookEveryBytes, type Medium } from "./medium.ts";
import { EarlySync } from "./early-sync.ts";

/**
 * Bytes come in small parts, and each write costs a good deal whatever its length. The bytes of a block are lost when
 * the process is killed, and have to be sent again.
 */
const blockBytes = 256 * 1_024;
/** Blocks that wait for the next file. */
const spare: Buffer[] = [];
const spareMax = 32;

const takeBlock = (): Buffer => spare.pop() ?? Buffer.allocUnsafeSlow(blockBytes);
const leaveBlock = (block: Buffer): void => {
  if (spare.length < spareMax) spare.push(block);
};

/**
 * A file that bytes are added to: gathered in one block while another is written. It looks for free space and makes bytes
 * durable as they come. Its maker has entered the medium for it; closing leaves it.
 */
export class GrowingFile {
  readonly #medium: Medium;
  readonly #file: FileHandle;
  readonly #early: EarlySync;
  /** Filled now, up to `#filled`; its first byte belongs at `#written`. */
  #block: Buffer | undefined;
  #filled = 0;
  #written: number;
  /** Settles when the other block is free, whether it was written or its write failed. */
  #writing: Promise<void> | undefined;
  #failed: { readonly why: unknown } | undefined;
  #looked: number;
  #isOpen = true;

  /** @param sizeBytes where the next byte goes. */
  constructor(medium: Medium, file: FileHandle, sizeBytes = 0) {
    this.#medium = medium;
    this.#file = file;
    this.#early = new EarlySync(() => medium.sync(file));
    this.#written = sizeBytes;
    this.#looked = sizeBytes;
  }

  /** Bytes that were taken. */
  get sizeBytes(): number {
    return this.#written + this.#filled;
  }

  /** When it settles the bytes are the caller's again. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#assertWhole();
    if (this.sizeBytes - this.#looked > lookEveryBytes) {
      this.#looked = this.sizeBytes;
      await this.#medium.assertRoom();
      this.#early.begin();
    }
    for (let remainder = bytes; remainder.byteLength > 0; ) {
      if (this.#filled === blockBytes) await this.#flush();
      this.#block ??= takeBlock();
      const part = remainder.subarray(0, blockBytes - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.byteLength;
      remainder = remainder.subarray(part.byteLength);
    }
  }

  /** Makes everything taken so far durable, also while more is written. Once it failed, it always fails. */
  async sync(): Promise<void> {
    await this.#flush();
    await this.#writing;
    this.#assertWhole();
    await this.#early.whole();
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#writing;
    await this.#early.idle();
    if (this.#block) leaveBlock(this.#block);
    this.#block = undefined;
    this.#medium.leave();
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    // Another waiting caller may have begun the next write when we wake.
    while (this.#writing) await this.#writing;
    this.#assertWhole();
    const block = this.#block;
    if (!block || this.#filled === 0) return;
    const [length, at] = [this.#filled, this.#written];
    this.#block = undefined;
    this.#filled = 0;
    this.#written += length;
    this.#writing = this.#medium
      .guard(() => this.#medium.disk.write(this.#file, block.subarray(0, length), at))
      .catch((why: unknown) => {
        this.#failed = { why };
      })
      .finally(() => {
        leaveBlock(block);
        this.#writing = undefined;
      });
  }

  #assertWhole(): void {
    if (this.#failed) throw this.#failed.why;
  }
}
