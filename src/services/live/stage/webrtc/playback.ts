import type { Status } from "#events/live";
import { type Call, type Id, newCall } from "#kernel";
import { type Place, Places } from "#kernel/clients/places";
import { isOnStage } from "../guests/guest-store.ts";
import type { LiveHost } from "../../settings.ts";
import type { LiveStream } from "../streams/live-stream.ts";
import type { Peers } from "./peers.ts";
import { NotForWebrtc, TooManyOfNetwork, TooManyWebrtcViewers } from "./contract.ts";
import { WebrtcViewer } from "./viewer.ts";

/** Each viewer is encrypted for on its own: beyond this the latency of all would suffer. */
const viewersMax = 100;
/**
 * The limits of one client network. Signed-in viewers are distinguished, so a household or a company may have more of
 * them.
 */
const perNetworkMax = { visitor: 5, user: 20 };
/** Viewers who lose their access are disconnected at most this much later (security S2.3). */
const checkMs = 5_000;
const keyFrameMs = 1_000;

interface Parts {
  readonly peers: Peers;
  /** Checks that the caller may watch. @throws LiveNotFound, PasswordNeeded, BadPlaybackToken, BannedFromRoom */
  readonly mayWatch: (
    input: { id: Id; token?: string | undefined },
    call: Call,
  ) => Promise<{ readonly status: Status }>;
}

/** Gives streams of this process to viewers by WHEP, without segments. */
export type WebrtcPlayback = (
  stream: LiveStream,
  sdp: string,
  token: string | undefined,
  call: Call,
) => Promise<{ readonly sdp: string; readonly sessionId: string }>;

export function createWebrtcPlayback({ log, db }: LiveHost, { peers, mayWatch }: Parts): WebrtcPlayback {
  const places = new Places({ max: viewersMax, perHolderMax: perNetworkMax.visitor });
  const requestedMs = new WeakMap<LiveStream, number>();

  /** Asks the publisher for a key frame for any viewer, at most once a second. */
  const requestKeyFrame = (stream: LiveStream): void => {
    const nowMs = performance.now();
    if (nowMs - (requestedMs.get(stream) ?? Number.NEGATIVE_INFINITY) < keyFrameMs) return;
    requestedMs.set(stream, nowMs);
    stream.requestKeyFrame();
  };

  /** A place of the caller's network; none is needed on the stage. @throws TooManyOfNetwork, TooManyWebrtcViewers */
  async function placeFor(liveId: Id, { userId, source = "" }: Call): Promise<{ network?: string; place?: Place }> {
    if (peers.isFull) throw TooManyWebrtcViewers({});
    if (userId !== undefined && (await isOnStage(db, liveId, userId))) return {};
    const perHolderMax = userId === undefined ? perNetworkMax.visitor : perNetworkMax.user;
    const place = places.take(source, { perHolderMax });
    if (place === "holder") throw TooManyOfNetwork({});
    if (place === "all") throw TooManyWebrtcViewers({});
    return { network: source, place };
  }

  return async (stream: LiveStream, sdp: string, token: string | undefined, call: Call) => {
    const { frames, liveId: id } = stream;
    const picture = frames.formats.get("video");
    const sound = frames.formats.get("audio");
    const isMute = sound !== undefined && sound.codec !== "opus";
    if ((picture?.kind === "video" && picture.codec !== "h264") || frames.isReordered) throw NotForWebrtc({});
    const { network, place } = await placeFor(id, call);
    const { userId, role, unlock, sessionId: session } = call;
    const identity = {
      ...(userId !== undefined && { userId }),
      ...(role !== undefined && { role }),
      ...(unlock !== undefined && { unlock }),
      ...(session !== undefined && { sessionId: session }),
    };
    try {
      const { answer, sessionId } = await peers.open(
        { liveId: id, sdp, network, direction: "sendonly", isMute },
        (peer) => {
          const viewer = new WebrtcViewer(peer);
          let unsubscribe: (() => void) | undefined;
          const check = setInterval(() => {
            mayWatch({ id, token }, newCall({ ...identity, waitMs: checkMs })).catch((error: unknown) => {
              log.debug("a viewer by WebRTC may not watch any longer", { liveId: id, err: error });
              peer.close();
            });
          }, checkMs).unref();
          return {
            onConnected() {
              viewer.begin(frames.formats.values());
              unsubscribe = frames.subscribe((event) => viewer.take(event));
              requestKeyFrame(stream);
            },
            onClosed() {
              clearInterval(check);
              unsubscribe?.();
              place?.release();
            },
            onKeyFrameWanted: () => requestKeyFrame(stream),
          };
        },
      );
      return { sdp: answer, sessionId };
    } catch (error) {
      place?.release();
      throw error;
    }
  };
}
