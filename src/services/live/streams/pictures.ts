import { setTimeout as delay } from "node:timers/promises";
import type { Call, Id } from "#kernel";
import { stillOf } from "#media/live/still";
import type { Supply } from "#media/supply";
import { NoPicture } from "../contract.ts";
import type { LiveHost } from "../settings.ts";
import { peerWith } from "./peer.ts";
import type { LiveStream } from "./live-stream.ts";
import type { Streams } from "./streams.ts";

/** A picture of a stream is drawn anew after this time, and when it is asked for alone. */
export const pictureLifeMs = 10_000;
/** A viewer waits so long for a new picture, and then receives the one before it: a busy machine draws late. */
const waitMs = 5_000;

interface Drawn {
  readonly untilMs: number;
  readonly bytes: Promise<Uint8Array | undefined>;
}

/** The newest picture of each stream. One is drawn after the other. */
export function streamPictures(host: LiveHost, streams: Streams, supply: Pick<Supply, "tools">) {
  const drawn = new WeakMap<LiveStream, Drawn>();
  const last = new WeakMap<LiveStream, Uint8Array>();
  let turn: Promise<unknown> = Promise.resolve();

  async function draw(stream: LiveStream): Promise<Uint8Array | undefined> {
    const tools = await supply.tools();
    const key = stream.keyPicture;
    if (!tools || !key) return undefined;
    try {
      last.set(stream, await stillOf(tools, key));
    } catch (error) {
      host.log.debug("a picture of a live stream was not drawn", { liveId: stream.liveId, err: error });
    }
    return last.get(stream);
  }

  function newest(stream: LiveStream): Promise<Uint8Array | undefined> {
    const known = drawn.get(stream);
    if (known && known.untilMs > performance.now()) return known.bytes;
    const bytes = turn.then(() => draw(stream));
    turn = bytes;
    drawn.set(stream, { untilMs: performance.now() + pictureLifeMs, bytes });
    // The first key frame may come in a moment.
    void bytes.then((picture) => picture === undefined && drawn.delete(stream));
    return bytes;
  }

  return {
    async picture({ id, isRelayed }: { id: Id; isRelayed: boolean }, call: Call): Promise<{ bytes: Uint8Array }> {
      const own = streams.get(id);
      const peer = own || isRelayed ? undefined : await peerWith(host, id, call);
      if (peer) return peer.picture({ id, isRelayed: true }, call);
      const bytes = own && (await Promise.race([newest(own), delay(waitMs, undefined, { ref: false })]));
      const shown = bytes ?? (own && last.get(own));
      if (!shown) throw NoPicture({});
      return { bytes: shown };
    },
  };
}
