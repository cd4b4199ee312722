import { type Call, type Client, type Id } from "#kernel";
import type { z } from "zod";
import { live, NotLive } from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";
import { peerWith } from "../streams/peer.ts";
import { NoSuchPeer } from "./contract.ts";
import { createFrameMessages } from "./frame-messages.ts";
import { createWebrtcPlayback } from "./playback.ts";
import { createWebrtcPublication } from "./publication.ts";

/** A viewer waits this long for a stream, and again for its first format. */
const beginMs = 3_000;

type Watch = z.output<(typeof live)["methods"]["watch"]["input"]>;
type HangUp = z.output<(typeof live)["methods"]["hangUp"]["input"]>;

type Parts = Parameters<typeof createWebrtcPublication>[1] & Omit<Parameters<typeof createWebrtcPlayback>[1], "peers">;

/** Live streams by WebRTC in both directions, and as frames. */
export function createWebrtc(host: LiveHost, parts: Parts) {
  const { peers, streams, mayWatch } = parts;
  const watchStream = createWebrtcPlayback(host, { peers, mayWatch });

  return {
    ...createWebrtcPublication(host, parts),
    ...createFrameMessages(host, streams),

    async watch({ id, sdp, token, isRelayed }: Watch, call: Call): Promise<{ sdp: string; sessionId: string }> {
      const { status } = await mayWatch({ id, token }, call);
      if (status === "ended") throw NotLive({});
      // The media of a viewer come from the process that has them.
      const peer = isRelayed || streams.get(id) ? undefined : await peerWith(host, id, call);
      if (peer) return peer.watch({ id, sdp, isRelayed: true, ...(token !== undefined && { token }) }, call);
      // Viewers may ask before the publisher has sent its first frame.
      await streams.waitForStream(id, call.signal, beginMs);
      const stream = streams.get(id);
      if (!(await stream?.frames.hasBegun(call.signal, beginMs)) || !stream) throw NotLive({});
      return watchStream(stream, sdp, token, call);
    },

    async hangUp({ id, sessionId, isRelayed }: HangUp, call: Call): Promise<Record<string, never>> {
      if (peers.close(id, sessionId)) return {};
      if (isRelayed || !(await hungUpElsewhere(host, { id, sessionId }, call))) throw NoSuchPeer({});
      return {};
    },
  };
}

async function hungUpElsewhere(host: LiveHost, input: { id: Id; sessionId: string }, call: Call): Promise<boolean> {
  const hangUp = (peer: Client<typeof live>) => peer.hangUp({ ...input, isRelayed: true }, call);
  const answers = await Promise.allSettled(host.peers(live).map(hangUp));
  return answers.some(({ status }) => status === "fulfilled");
}
