import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { KinoraError, StorageFull, StorageUnavailable } from "../../errors.ts";
import type { Unready } from "../port.ts";
import type { S3Place } from "./place.ts";

/** How long the bucket is taken to be there once it was. */
const trustMs = 60_000;
/** How long a request may take, its repetitions included. */
export interface S3Limits {
  readonly connectMs: number;
  /** Without a byte in either direction, where the server has nothing to work on for long. */
  readonly silenceMs: number;
  /** For an answer without a body to speak of. */
  readonly answerMs: number;
  readonly copyMs: number;
}
const defaultLimits: S3Limits = { connectMs: 1_500, silenceMs: 10_000, answerMs: 5_000, copyMs: 600_000 };
/** The slowest line that a store is still of use on. */
const bytesPerSecondMin = 64 * 2 ** 10;
const attemptsMax = 3;

export interface Found {
  readonly sizeBytes: number;
  readonly changedAtMs: number;
}
export interface Listed extends Found {
  /** Without the prefix of the store. */
  readonly key: string;
}
/** A part of a multipart upload, as the server expects it in the list of parts. */
export interface Part {
  readonly PartNumber: number;
  readonly ETag: string | undefined;
}
export interface Span {
  readonly key: string;
  readonly from: number;
  readonly length: number;
}

/**
 * The requests that a store makes, each with a deadline; keys are without the prefix. Each fails with
 * StorageUnavailable.
 */
export class S3Bucket {
  readonly #place: S3Place;
  readonly #limits: S3Limits;
  readonly #client: S3Client;
  /** For what a server may work on in silence. */
  readonly #patient: S3Client;
  #seenAtMs = Number.NEGATIVE_INFINITY;

  constructor(place: S3Place, limits: Partial<S3Limits> = {}) {
    this.#place = place;
    this.#limits = { ...defaultLimits, ...limits };
    this.#client = createS3Client(place, place.endpoint, this.#limits);
    this.#patient = createS3Client(place, place.endpoint, { ...this.#limits, silenceMs: 0 });
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    await this.#ask(this.#bodyMs(body.byteLength), (abortSignal) =>
      this.#client.send(new PutObjectCommand({ ...this.#at(key), Body: body, ContentLength: body.byteLength }), {
        abortSignal,
      }),
    );
  }

  async head(key: string): Promise<Found | undefined> {
    const answer = await this.#ask(this.#limits.answerMs, (abortSignal) =>
      this.#client.send(new HeadObjectCommand(this.#at(key)), { abortSignal }).catch(unlessMissing),
    );
    if (!answer) await this.#assertThere();
    return answer && { sizeBytes: answer.ContentLength ?? 0, changedAtMs: answer.LastModified?.getTime() ?? 0 };
  }

  /** Exactly `length` bytes, into `target`. Undefined where there is no such object. */
  async read({ key, from, length }: Span, target: Buffer): Promise<true | undefined> {
    const Range = `bytes=${from}-${from + length - 1}`;
    return this.#ask(this.#bodyMs(length), async (abortSignal) => {
      for (let attempt = 1; ; attempt++) {
        const answer = await this.#client
          .send(new GetObjectCommand({ ...this.#at(key), Range }), { abortSignal })
          .catch(unlessMissing);
        if (!answer) return undefined;
        try {
          await fill(target, length, answer.Body as AsyncIterable<Uint8Array>); // On Node a body is a readable stream.
          return true;
        } catch (error) {
          // The client repeats requests, but not bodies that broke off.
          if (attempt === attemptsMax) throw error;
        }
      }
    });
  }

  async remove(key: string): Promise<void> {
    await this.#ask(this.#limits.answerMs, (abortSignal) =>
      this.#client.send(new DeleteObjectCommand(this.#at(key)), { abortSignal }).catch(unlessMissing),
    );
  }

  /** At most 5 GiB. */
  async copy(from: string, to: string): Promise<void> {
    await this.#ask(this.#limits.copyMs, (abortSignal) =>
      this.#patient.send(new CopyObjectCommand({ ...this.#at(to), CopySource: this.#source(from) }), { abortSignal }),
    );
  }

  async *list(prefix: string): AsyncIterable<Listed> {
    let ContinuationToken: string | undefined;
    do {
      const { bucket: Bucket, prefix: before } = this.#place;
      const page = await this.#ask(this.#limits.answerMs, (abortSignal) =>
        this.#client.send(new ListObjectsV2Command({ Bucket, Prefix: before + prefix, ContinuationToken }), {
          abortSignal,
        }),
      );
      for (const { Key = "", Size = 0, LastModified } of page.Contents ?? [])
        yield { key: Key.slice(before.length), sizeBytes: Size, changedAtMs: LastModified?.getTime() ?? 0 };
      ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (ContinuationToken !== undefined);
  }

  async begin(key: string): Promise<string> {
    const { UploadId } = await this.#ask(this.#limits.answerMs, (abortSignal) =>
      this.#client.send(new CreateMultipartUploadCommand(this.#at(key)), { abortSignal }),
    );
    if (UploadId === undefined) throw StorageUnavailable({}, new Error("the store began an upload without a name"));
    return UploadId;
  }

  async part(key: string, UploadId: string, PartNumber: number, Body: Uint8Array): Promise<Part> {
    const { ETag } = await this.#ask(this.#bodyMs(Body.byteLength), (abortSignal) =>
      this.#client.send(
        new UploadPartCommand({ ...this.#at(key), UploadId, PartNumber, Body, ContentLength: Body.byteLength }),
        { abortSignal },
      ),
    );
    return { PartNumber, ETag };
  }

  async partCopy(key: string, UploadId: string, PartNumber: number, { from, length, ...of }: Span): Promise<Part> {
    const CopySourceRange = `bytes=${from}-${from + length - 1}`;
    const { CopyPartResult } = await this.#ask(this.#limits.copyMs, (abortSignal) =>
      this.#patient.send(
        new UploadPartCopyCommand({
          ...this.#at(key),
          UploadId,
          PartNumber,
          CopySource: this.#source(of.key),
          CopySourceRange,
        }),
        { abortSignal },
      ),
    );
    return { PartNumber, ETag: CopyPartResult?.ETag };
  }

  async complete(key: string, UploadId: string, Parts: Part[]): Promise<void> {
    await this.#ask(this.#limits.copyMs, (abortSignal) =>
      this.#patient.send(
        new CompleteMultipartUploadCommand({ ...this.#at(key), UploadId, MultipartUpload: { Parts } }),
        { abortSignal },
      ),
    );
  }

  async abort(key: string, UploadId: string): Promise<void> {
    await this.#ask(this.#limits.answerMs, (abortSignal) =>
      this.#client.send(new AbortMultipartUploadCommand({ ...this.#at(key), UploadId }), { abortSignal }),
    );
  }

  /** Multipart uploads that were begun and not ended; nothing where the server cannot list them. */
  async listUnfinished(): Promise<{ key: string; uploadId: string; beganAtMs: number }[]> {
    const { bucket: Bucket, prefix } = this.#place;
    const answer = await this.#ask(this.#limits.answerMs, (abortSignal) =>
      this.#client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: prefix }), { abortSignal }),
    ).catch((error: unknown) => {
      if (!isRefused(error)) throw error;
    });
    return (answer?.Uploads ?? []).map(({ Key = "", UploadId = "", Initiated }) => ({
      key: Key.slice(prefix.length),
      uploadId: UploadId,
      beganAtMs: Initiated?.getTime() ?? 0,
    }));
  }

  /** Undefined when the bucket can be used. */
  async ready(): Promise<Unready | undefined> {
    try {
      await this.#ask(this.#limits.answerMs, (abortSignal) =>
        this.#client.send(new HeadBucketCommand({ Bucket: this.#place.bucket }), { abortSignal }),
      );
      return undefined;
    } catch (error) {
      const reason = isRefused(error)
        ? "the bucket for files does not exist or may not be used"
        : "the store for files cannot be reached";
      return { reason, canRead: false };
    }
  }

  /** The answer that there is no object looks the same where there is no bucket: then nothing is known to be absent. */
  async #assertThere(): Promise<void> {
    if (performance.now() - this.#seenAtMs < trustMs) return;
    await this.#ask(this.#limits.answerMs, (abortSignal) =>
      this.#client.send(new HeadBucketCommand({ Bucket: this.#place.bucket }), { abortSignal }),
    );
    this.#seenAtMs = performance.now();
  }

  #bodyMs(sizeBytes: number): number {
    return this.#limits.answerMs + this.#limits.silenceMs + Math.ceil((sizeBytes / bytesPerSecondMin) * 1_000);
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#place.bucket, Key: this.#place.prefix + key };
  }

  #source(key: string): string {
    // Bucket, prefix and key have no character that would have to be written in another way.
    return `${this.#place.bucket}/${this.#place.prefix}${key}`;
  }

  async #ask<R>(withinMs: number, request: (signal: AbortSignal) => Promise<R>): Promise<R> {
    try {
      return await request(AbortSignal.timeout(withinMs));
    } catch (error) {
      throw storageErrorOf(error);
    }
  }
}

/** A client of the place, reached at this endpoint. */
export function createS3Client(
  { region, isPathStyle, credentials }: S3Place,
  endpoint: string | undefined,
  { connectMs, silenceMs }: S3Limits = defaultLimits,
): S3Client {
  return new S3Client({
    region,
    forcePathStyle: isPathStyle,
    ...(endpoint !== undefined && { endpoint }),
    // Without any, the client looks where Amazon's programs look: environment, profile, role of the machine.
    ...(credentials && { credentials }),
    maxAttempts: attemptsMax,
    requestHandler: {
      connectionTimeout: connectMs,
      socketTimeout: silenceMs,
      httpAgent: { maxSockets: 200 },
      httpsAgent: { maxSockets: 200 },
    },
    // By default the client adds CRC trailers to bodies, which many servers beside Amazon's answer with an error. Every
    // body is signed with its SHA-256 anyway, and what is read is checked by its length and, as an object, by its name.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
}

async function fill(target: Buffer, length: number, body: AsyncIterable<Uint8Array>): Promise<void> {
  let done = 0;
  for await (const bytes of body) {
    if (done + bytes.byteLength > length) throw new Error("the store sent more than it was asked for");
    target.set(bytes, done);
    done += bytes.byteLength;
  }
  if (done < length) throw new Error("the store sent less than it was asked for");
}

/** The status of the answer that was an error; undefined where there was none. */
function statusOf(error: unknown): number | undefined {
  const of = error instanceof KinoraError ? error.cause : error;
  if (!(of instanceof Error) || !("$metadata" in of)) return undefined;
  return (of.$metadata as { httpStatusCode?: number }).httpStatusCode; // So in every error of the SDK.
}

/** True if the server understood the request and refuses it, or does not support it: a repeat changes nothing. */
export function isRefused(error: unknown): boolean {
  const status = statusOf(error);
  return status === 501 || (status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429);
}

function unlessMissing(error: unknown): undefined {
  if (statusOf(error) !== 404 || (error instanceof Error && error.name === "NoSuchBucket")) throw error;
}

function storageErrorOf(error: unknown): KinoraError {
  if (error instanceof KinoraError) return error;
  const isFull = statusOf(error) === 507 || (error instanceof Error && /StorageFull|QuotaExceeded/.test(error.name));
  return isFull ? StorageFull({}, error) : StorageUnavailable({}, error);
}
