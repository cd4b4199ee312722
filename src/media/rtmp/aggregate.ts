import { malformedRefusal } from "../frames/ingest-refusal.ts";
import { type Message, messageTypes } from "./message.ts";

const tagHeaderBytes = 11;
const backPointerBytes = 4;

/**
 * The messages in one of type 22 (RTMP 1.0 §7.1.6), as views of its payload. Their times move by as much as the time of
 * the aggregate differs from that of its first part. @throws IngestRefusal
 */
export function* splitAggregate({ timestamp, streamId, payload }: Message): Generator<Message, void, undefined> {
  let offset: number | undefined;
  for (let at = 0; at < payload.length; ) {
    if (at + tagHeaderBytes > payload.length) throw malformedRefusal("a part of an aggregate is cut off");
    const type = payload.readUInt8(at);
    const end = at + tagHeaderBytes + payload.readUIntBE(at + 1, 3);
    if (end > payload.length) throw malformedRefusal("a part of an aggregate is cut off");
    if (type === messageTypes.aggregate) throw malformedRefusal("an aggregate holds another");
    const time = payload.readUIntBE(at + 4, 3) + payload.readUInt8(at + 7) * 2 ** 24;
    offset ??= timestamp - time;
    yield { type, streamId, timestamp: (time + offset) >>> 0, payload: payload.subarray(at + tagHeaderBytes, end) };
    at = end + backPointerBytes;
  }
}
