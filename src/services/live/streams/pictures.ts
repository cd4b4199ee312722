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

interface Drawn {
  readonly untilMs: number;
  readonly bytes: Promise<Uint8Array | undefined>;
}

/** The newest picture of each stream. One is drawn after the other, for viewers do not wait for it. */
export function streamPictures(host: LiveHost, streams: Streams, supply: Pick<Supply, "tools">) {
  const drawn = new WeakMap<LiveStream, Drawn>();
  let turn: Promise<unknown> = Promise.resolve();

  async function draw(stream: LiveStream, before?: Uint8Array): Promise<Uint8Array | undefined> {
    const tools = await supply.tools();
    const key = stream.keyPicture;
    if (!tools || !key) return undefined;
    return stillOf(tools, key).catch((error: unknown) => {
      host.log.debug("a picture of a live stream was not drawn", { liveId: stream.liveId, err: error });
      return before;
    });
  }

  function newest(stream: LiveStream): Promise<Uint8Array | undefined> {
    const known = drawn.get(stream);
    if (known && known.untilMs > performance.now()) return known.bytes;
    const bytes = turn.then(async () => draw(stream, await known?.bytes));
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
      const bytes = own && (await newest(own));
      if (!bytes) throw NoPicture({});
      return { bytes };
    },
  };
}
