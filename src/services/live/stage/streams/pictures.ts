import type { Call, Id } from "#kernel";
import { stillOf } from "#media/live/still";
import type { Supply } from "#media/process/supply";
import { NoPicture } from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";
import { DrawnPictures, drawingsCache } from "./drawn-pictures.ts";
import { peerWith } from "./peer.ts";
import type { LiveStream } from "./live-stream.ts";
import type { Streams } from "./streams.ts";

/** Pictures of the streams that this process takes, and by its peers those of the others. */
export function createStreamPictures(host: LiveHost, streams: Streams, supply: Pick<Supply, "tools">) {
  const draw = async (stream: LiveStream) => {
    const tools = await supply.tools();
    const key = stream.keyPicture;
    if (!tools || !key) return undefined;
    return stillOf(tools, key).catch((error: unknown) => {
      host.log.debug("a picture of a live stream was not drawn", { liveId: stream.liveId, err: error });
      return undefined;
    });
  };
  const pictures = new DrawnPictures(draw, undefined, host.caches.declare(drawingsCache));

  return {
    async picture({ id, isRelayed }: { id: Id; isRelayed: boolean }, call: Call): Promise<{ bytes: Uint8Array }> {
      const ownStream = streams.get(id);
      const peer = ownStream || isRelayed ? undefined : await peerWith(host, id, call);
      if (peer) return peer.picture({ id, isRelayed: true }, call);
      const bytes = ownStream && (await pictures.of(ownStream));
      if (!bytes) throw NoPicture({});
      return { bytes };
    },
  };
}
