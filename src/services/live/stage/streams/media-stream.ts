import type { Call, Id } from "#kernel";
import type { LiveEvent } from "#media/live/events";
import type { z } from "zod";
import type { StreamEvent } from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";
import { peerWith } from "./peer.ts";
import type { Streams } from "./streams.ts";

/** How often a room without a stream is looked for in other processes. */
const lookMs = 1_000;

type Message = z.input<typeof StreamEvent>;

/** The event as it travels. */
const messageOf = (event: LiveEvent): Message =>
  event.kind === "init" ? { ...event, tracks: [...event.tracks] } : event;

/** The events of streams for gateways, from whichever process of this service has the publisher. */
export function createMediaStream(host: LiveHost, streams: Streams) {
  return {
    hasStream: async ({ id }: { id: Id }) => ({ hasStream: streams.get(id) !== undefined }),

    async *media(
      { id, isRelayed }: { id: Id; isRelayed: boolean },
      call: Call,
    ): AsyncGenerator<{ event: Message; waiting: number }> {
      while (!call.signal.aborted) {
        const stream = streams.get(id);
        if (stream) {
          for await (const { event, waiting } of stream.log.follow(call.signal))
            yield { event: messageOf(event), waiting };
          return;
        }
        if (isRelayed) return;
        const peer = await peerWith(host, id, call);
        if (peer) {
          host.log.debug("a live stream is relayed from another process", { liveId: id });
          yield* peer.media({ id, isRelayed: true }, call);
          return;
        }
        await streams.waitForStream(id, call.signal, lookMs);
      }
    },
  };
}
