import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DiskBlobStore } from "#kernel/blob/disk/disk";
import { realDisk } from "#kernel/environment/disk";
import type { Environment } from "#kernel/environment/environment";
import { noFailpoints } from "#kernel/environment/failpoint";
import { createPrometheusMetrics } from "#kernel/telemetry/prometheus";
import { callOf, TestHost } from "#kernel/host/testing";
import { sniff, sniffBytesMax } from "#media/sniff";
import { type Media, media } from "#services/media/contract";
import { mediaPlugin } from "#services/media/plugin";
import { upload } from "#services/upload/contract";
import { uploadPlugin } from "#services/upload/plugin";
import { until } from "#test/until";
import { transcoderPlugin } from "./plugin.ts";

interface FixtureParts {
  readonly environment?: Partial<Environment>;
  readonly graceMs?: number;
  readonly media?: object;
  readonly transcoder?: object;
}

/** upload, media and transcoder as they are, over one store, for tests of what happens between them. */
export class MediaFixture implements AsyncDisposable {
  readonly folder: string;
  readonly blob: DiskBlobStore;
  readonly host: TestHost;
  readonly metrics = createPrometheusMetrics();
  readonly #upload;
  readonly #media;

  constructor({ environment = {}, graceMs = 60_000, media: mediaSettings = {}, transcoder = {} }: FixtureParts = {}) {
    this.folder = mkdtempSync(join(tmpdir(), "kinora-media-"));
    this.blob = new DiskBlobStore({ folder: this.folder, disk: realDisk, failpoints: noFailpoints, now: Date.now });
    this.host = new TestHost({
      environment,
      settings: { upload: { graceMs }, media: { graceMs, ...mediaSettings }, transcoder },
      parts: { blob: this.blob, metrics: this.metrics },
    });
    this.#upload = this.host.client(upload);
    this.#media = this.host.client(media);
  }

  async open(): Promise<void> {
    await this.host.add(uploadPlugin);
    await this.host.add(mediaPlugin);
    await this.host.add(transcoderPlugin);
  }

  /** Takes a file as the gateway does. */
  async store(bytes: Uint8Array, name: string, userId: number): Promise<{ readonly id: number; readonly key: string }> {
    const { session } = await this.#upload.open(
      { endpoint: "form", name, sizeBytes: bytes.byteLength },
      callOf(userId),
    );
    const writer = await this.blob.piece();
    await writer.write(bytes);
    const pieces = await writer.keep();
    await writer.close();
    // Files that are not media are stored for the drive; their processing is tested elsewhere.
    const purpose = sniff(bytes.subarray(0, sniffBytesMax)) ? "media" : "drive";
    return this.#upload.finish({ id: session.id, pieces: [...pieces], purpose }, callOf(userId));
  }

  /** A clip of `test/media`, stored and made a media object. */
  async send(clip: string, userId: number, purpose?: Media["purpose"]): Promise<Media> {
    return this.sendBytes(await readFile(clipPath(clip)), clip, userId, purpose);
  }

  async sendBytes(bytes: Uint8Array, name: string, userId: number, purpose?: Media["purpose"]): Promise<Media> {
    const file = await this.store(bytes, name, userId);
    return this.#media.upload({ fileId: file.id, ...(purpose && { purpose }) }, callOf(userId));
  }

  /** The media object once this holds. */
  async when(id: number, userId: number, holds: (current: Media) => boolean, waitMs = 60_000): Promise<Media> {
    let current: Media | undefined;
    await until(
      async () => {
        current = await this.#media.get({ id }, callOf(userId));
        return holds(current);
      },
      { waitMs },
    );
    assert.ok(current);
    return current;
  }

  async isStored(key: string): Promise<boolean> {
    const object = await this.blob.open(key);
    await object?.close();
    return object !== undefined;
  }

  /** The keys of everything in a space. */
  async keys(space: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of this.blob.list(space)) keys.push(key);
    return keys;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export const clipPath = (name: string): string =>
  fileURLToPath(new URL(`../../../test/media/${name}`, import.meta.url));
