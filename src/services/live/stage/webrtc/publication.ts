import type { Status } from "#events/live";
import type { Call, Id } from "#kernel";
import type { RtpPayload } from "#media/rtp/packet";
import { RtpPublication } from "#media/rtp/rtp-publication";
import { LiveEnded } from "../../contract.ts";
import type { IngestAdmission, IngestAdmissions } from "../ingest/admission.ts";
import type { LiveHost } from "../../settings.ts";
import type { Feed } from "../streams/live-stream.ts";
import type { Streams } from "../streams/streams.ts";
import { TooManyStreamKeys, TooManyStreams, WrongStreamKey } from "./contract.ts";
import type { Kind, Peer } from "./peer.ts";
import type { Peers } from "./peers.ts";

/** Browsers send key frames only when they are asked: this makes the picture groups of segments. */
const keyFrameMs = 2_000;
/** A lost packet asks for one as well, not more often than this. */
const requestMs = 500;
/** A publisher that sends nothing for this long has left, as by RTMP. */
const idleMs = 15_000;

interface Parts {
  /** The targets that the caller may publish to without a key: their own rooms, and their streams as a guest. */
  readonly publishable: (
    id: Id,
    call: Call,
  ) => Promise<{ readonly id: Id; readonly status: Status; readonly roomId?: Id }>;
  readonly peers: Peers;
  readonly streams: Streams;
  readonly admissions: IngestAdmissions;
}

/** Takes streams of browsers and encoders by WHIP (RFC 9725), by the same rules as by RTMP. */
export interface WebrtcPublication {
  readonly publish: (
    input: { id: Id; sdp: string; key?: string | undefined },
    call: Call,
  ) => Promise<{ readonly sdp: string; readonly sessionId: string }>;
}

export function createWebrtcPublication(
  { log }: LiveHost,
  { publishable, peers, streams, admissions }: Parts,
): WebrtcPublication {
  /** Decides whether the caller may publish now, by a stream key or as who they are. */
  async function requireAdmission(
    id: Id,
    key: string | undefined,
    call: Call,
  ): Promise<IngestAdmission & { ok: true }> {
    const admission =
      key === undefined
        ? await admissions.admitTo(await publishable(id, call))
        : await admissions.admit(key, call.source ?? "", id);
    if (admission.ok) return admission;
    switch (admission.reason) {
      case "wrong_key":
        throw WrongStreamKey({});
      case "too_many_tries":
        throw TooManyStreamKeys({});
      case "ended":
        throw LiveEnded({});
      case "full":
        throw TooManyStreams({});
    }
  }

  return {
    async publish({ id, sdp, key }: { id: Id; sdp: string; key?: string | undefined }, call: Call) {
      await requireAdmission(id, key, call);
      if (peers.isFull) throw TooManyStreams({});
      const { answer, sessionId } = await peers.open(
        { liveId: id, sdp, network: undefined, direction: "recvonly" },
        (peer, { hasAudio }) => {
          const session = new Publication(peer, hasAudio, async () => {
            // Meanwhile the key may have been replaced, or the room ended.
            const again = key === undefined ? { ...call, signal: AbortSignal.timeout(idleMs) } : call;
            const { liveId, resume, isGuest } = await requireAdmission(id, key, again);
            const origin = await resume();
            return (publisher) => streams.open(liveId, origin, isGuest).attach(publisher);
          });
          return {
            onConnected: () =>
              void session.begin().catch((error: unknown) => {
                log.info("a publisher by WebRTC was refused", { liveId: id, err: error });
                peer.close();
              }),
            onClosed: () => session.end(),
            onPacket: (kind, packet) => session.receive(kind, packet),
            onSenderReport: (kind, ntp, timestamp) => session.report(kind, ntp, timestamp),
          };
        },
      );
      return { sdp: answer, sessionId };
    },
  };
}

type Attach = (publisher: { source: "whip"; stop(): void; requestKeyFrame(): void }) => Feed;

/** One publisher from its connection to its end. */
class Publication {
  readonly #peer: Peer;
  readonly #admit: () => Promise<Attach>;
  readonly #media: RtpPublication;
  #feed: Feed | undefined;
  #isEnded = false;
  #requestedMs = Number.NEGATIVE_INFINITY;
  #receivedMs = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(peer: Peer, hasAudio: boolean, admit: () => Promise<Attach>) {
    this.#peer = peer;
    this.#admit = admit;
    this.#media = new RtpPublication({
      hasAudio,
      format: (format) => this.#feed?.format(format),
      frame: (frame) => this.#feed?.frame(frame),
      keyFrameNeeded: () => this.#requestKeyFrame(),
    });
  }

  async begin(): Promise<void> {
    const attach = await this.#admit();
    if (this.#isEnded) return;
    this.#feed = attach({
      source: "whip",
      stop: () => this.#peer.close(),
      requestKeyFrame: () => this.#requestKeyFrame(),
    });
    this.#peer.requestKeyFrame();
    this.#timer = setInterval(() => {
      if (performance.now() - this.#receivedMs > idleMs) this.#peer.close();
      else this.#peer.requestKeyFrame();
    }, keyFrameMs).unref();
  }

  receive(kind: Kind, packet: RtpPayload): void {
    this.#receivedMs = performance.now();
    // Media before the room has taken the stream would be lost, and their formats with them.
    if (this.#feed) this.#media.receive(kind, packet, this.#receivedMs);
  }

  report(kind: Kind, ntp: bigint, timestamp: number): void {
    this.#media.report(kind, ntp, timestamp);
  }

  end(): void {
    this.#isEnded = true;
    clearInterval(this.#timer);
    this.#feed?.leave();
    this.#feed = undefined;
  }

  #requestKeyFrame(): void {
    const nowMs = performance.now();
    if (nowMs - this.#requestedMs < requestMs) return;
    this.#requestedMs = nowMs;
    this.#peer.requestKeyFrame();
  }
}
