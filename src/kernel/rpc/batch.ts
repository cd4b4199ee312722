import { createCodecs } from "./wire/codec.ts";
import type { Field, Message } from "./wire/shape.ts";

/*
 * A stream of HTTP/2 costs Node more than the rest of a small call. So the calls that one process makes of another share a
 * stream for as long as the connection lasts. Calls of one turn of the event loop are one message; each answer comes when
 * it is there. A process of the version before takes one message on a stream.
 */

/** Answers batches of processes that have shown who they are. */
export const batchPath = "/kinora.connection.v1.Connection/Calls";
export const batchCallsMax = 64;
/** Larger messages travel by themselves, so that nothing waits behind them. */
export const batchedBytesMax = 16 * 1_024;

/** A call within a batch. */
export interface BatchedCall {
  readonly path: string;
  readonly claim: string;
  readonly timeoutMs: number;
  readonly message: Uint8Array;
}
/** An answer is a message, or what trailers would have said, as JSON. */
export interface BatchedAnswer {
  /** The place of its call on the stream, from 0 on. */
  readonly place: number;
  readonly message?: Uint8Array;
  readonly trailers?: string;
  /** The commits of the call, if the process has replicas; the same text as in the trailers of a single call. */
  readonly commits?: string;
}

export interface Batch {
  readonly calls: readonly BatchedCall[];
  /** The places of earlier calls of the stream whose callers have left. */
  readonly cancelled: readonly number[];
}
export interface BatchAnswers {
  readonly answers: readonly BatchedAnswer[];
}

const field = (key: string, type: Field["type"], label: Field["label"] = "required"): Field => ({
  key,
  name: key,
  type,
  label,
  isNull: false,
});
const callMessage: Message = {
  name: "BatchedCall",
  form: "object",
  fields: [field("path", "string"), field("claim", "string"), field("timeoutMs", "int64"), field("message", "bytes")],
};
const answerMessage: Message = {
  name: "BatchedAnswer",
  form: "object",
  fields: [
    field("place", "int64"),
    field("message", "bytes", "optional"),
    field("trailers", "string", "optional"),
    field("commits", "string", "optional"),
  ],
};
/** Fields are numbered from 1 on, in their order. */
const codecOf = createCodecs({
  of: (message, searched) => message.fields.indexOf(searched) + 1,
  removedNumbers: () => new Map(),
});
/** Encodes a {@link Batch}. */
export const batchCodec = codecOf({
  name: "Batch",
  form: "object",
  fields: [field("calls", callMessage, "repeated"), field("cancelled", "int64", "repeated")],
});
/** Encodes {@link BatchAnswers}. */
export const answersCodec = codecOf({
  name: "BatchAnswers",
  form: "object",
  fields: [field("answers", answerMessage, "repeated")],
});
