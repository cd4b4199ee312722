import type { Call, Id } from "#kernel";
import type { z } from "zod";
import type { live } from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";
import type { FeedEvent } from "../streams/frame-feed.ts";
import type { LiveStream } from "../streams/live-stream.ts";
import { peerWith } from "../streams/peer.ts";
import type { Streams } from "../streams/streams.ts";

type Message = z.input<(typeof live)["methods"]["frames"]["output"]>;

/** Bytes that wait for one follower; one that takes them slower begins anew. */
const waitingBytesMax = 32 * 2 ** 20;

const messageOf = (event: FeedEvent): Message => ({
  event: "config" in event ? { kind: "format", format: event } : event,
});
const bytesOf = (event: FeedEvent): number => ("bytes" in event ? event.bytes.length : 0);

/** The frames of a stream for gateways, from whichever process of this service has the publisher. */
export function createFrameMessages(host: LiveHost, streams: Streams) {
  return {
    /** Ends without `end` for a follower that is too slow, and where no process has the stream. */
    async *frames({ id, isRelayed }: { id: Id; isRelayed: boolean }, call: Call): AsyncGenerator<Message> {
      const stream = streams.get(id);
      if (stream) {
        yield* follow(stream, call.signal);
        return;
      }
      const peer = isRelayed ? undefined : await peerWith(host, id, call);
      if (peer) yield* peer.frames({ id, isRelayed: true }, call);
    },
  };
}

async function* follow({ frames }: LiveStream, signal: AbortSignal): AsyncGenerator<Message> {
  const waiting: FeedEvent[] = [...frames.newest];
  let waitingBytes = 0;
  const tooSlow = new AbortController();
  let wake = (): void => undefined;
  const unsubscribe = frames.subscribe((event) => {
    waitingBytes += bytesOf(event);
    if (waitingBytes > waitingBytesMax) tooSlow.abort();
    else waiting.push(event);
    wake();
  });
  const stop = (): void => wake();
  signal.addEventListener("abort", stop);
  try {
    while (!signal.aborted && !tooSlow.signal.aborted) {
      const event = waiting.shift();
      if (event === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      waitingBytes = Math.max(0, waitingBytes - bytesOf(event));
      yield messageOf(event);
      if (event.kind === "end") return;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    unsubscribe();
  }
}
