import { failure } from "../errors.ts";

/**
 * The target is refused: not http or https, not public, an unknown name. Its text says nothing else (security S5.1).
 */
export const OutgoingRefused = failure("invalid", "outgoing.refused", "this address cannot be asked");
/** All other failures of a target under one code, so that users learn nothing about private networks. */
export const OutgoingFailed = failure("invalid", "outgoing.failed", "what is at this address could not be fetched");

/** A request and the limits of its answer. Redirects are followed for GET and HEAD alone. */
export interface OutgoingRequest {
  readonly method?: "GET" | "HEAD" | "POST";
  /** Lower-case names. Sent to the first origin only; `accept` and `range` follow a redirect to another. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** More bytes than this, announced or sent, are a failure. */
  readonly bytesMax: number;
  /** From the request to the last byte read, redirects and the reader's own pace included. */
  readonly totalMs: number;
  /** How long the other side may be without any progress; 10 s by default. */
  readonly stallMs?: number;
  /** Media types that are taken, such as `image/png` or `image/*`; all by default. */
  readonly types?: readonly string[];
  readonly signal?: AbortSignal;
}

/** An answer whose body is yet to be read; to be disposed of, read or not. */
export interface OutgoingAnswer extends Disposable {
  /** The address that answered, after redirects. */
  readonly url: string;
  readonly status: number;
  /** Lower-case type without its parameters, `video/mp4`; what the other side claims. */
  readonly contentType: string | undefined;
  /** As announced; the body is this long or fails. */
  readonly lengthBytes: number | undefined;
  /** The other side's name of this version of it, quotes included. */
  readonly etag: string | undefined;
  /** For an answer with a part: its range, and the whole size. */
  readonly contentRange: string | undefined;
  /** To be read once, at the reader's pace. @throws OutgoingFailed when it is too long, too slow or not whole. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** The one way to addresses that strangers chose: imports, webhooks, pictures by URL, chains, federation. */
export interface Outgoing {
  /** @throws OutgoingRefused, OutgoingFailed, and nothing else. Any status is an answer. */
  ask(url: string, request: OutgoingRequest): Promise<OutgoingAnswer>;
  /**
   * For addresses that are stored and asked later: refuses what its text alone decides, and `http:` outside the ranges that
   * the operator allows. @throws OutgoingRefused
   */
  check(url: string): void;
}
