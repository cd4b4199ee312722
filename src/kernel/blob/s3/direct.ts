import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { assertKey, type DirectRequest } from "../port.ts";
import { createS3Client } from "./bucket.ts";
import { newPiece, pathOf } from "./pieces.ts";
import type { S3Place } from "./place.ts";

/** The largest body that Amazon takes in one request, and the longest it signs for. */
const putBytesMax = 5 * 2 ** 30;
const expiresMsMax = 7 * 86_400_000;

/** Requests that clients make of the store themselves, signed with our key; the store must be open to them. */
export class S3Direct {
  readonly #place: S3Place;
  readonly #client;

  constructor(place: S3Place) {
    this.#place = place;
    this.#client = createS3Client(place, place.direct?.endpoint ?? place.endpoint);
  }

  /** The length is signed with it: the store takes no other. Undefined for more than it takes in one request. */
  async piece(sizeBytes: number, expiresMs: number): Promise<{ name: string; request: DirectRequest } | undefined> {
    if (sizeBytes > putBytesMax) return undefined;
    const name = newPiece();
    const put = new PutObjectCommand({ ...this.#at(pathOf(name)), ContentLength: sizeBytes });
    const url = await getSignedUrl(this.#client, put, { expiresIn: secondsOf(expiresMs) });
    return { name, request: { method: "PUT", url, headers: { "content-length": String(sizeBytes) } } };
  }

  async read(
    key: string,
    { mime, disposition, expiresMs }: { mime: string; disposition?: string; expiresMs: number },
  ): Promise<DirectRequest> {
    assertKey(key);
    const get = new GetObjectCommand({
      ...this.#at(key),
      ResponseContentType: mime,
      ...(disposition !== undefined && { ResponseContentDisposition: disposition }),
    });
    return {
      method: "GET",
      url: await getSignedUrl(this.#client, get, { expiresIn: secondsOf(expiresMs) }),
      headers: {},
    };
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#place.bucket, Key: this.#place.prefix + key };
  }
}

const secondsOf = (ms: number): number => Math.max(1, Math.floor(Math.min(ms, expiresMsMax) / 1_000));
