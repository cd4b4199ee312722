import type { Id } from "#kernel";
import { Places } from "#kernel/clients/places";
import { IngestRefusal } from "#media/frames/ingest-refusal";
import { readOffer } from "#media/rtp/offer";
import type { LiveHost } from "../../settings.ts";
import { BadOffer, TooManyOfNetwork, TooManyWebrtcViewers } from "./contract.ts";
import { answerPeer, type Peer, type PeerEvents } from "./peer.ts";

/** A connection that is not established within this time is closed. */
const connectMs = 15_000;
/** The first message of DTLS is answered without a proof of the address: connections are bounded, not only their rate. */
const connectionsMax = 250;
/** Connections of strangers that are not established. */
const strangers = { max: 50, perHolderMax: 3 };

export interface OpenPeer {
  readonly sessionId: string;
  readonly answer: string;
}

type Flow = Pick<PeerEvents, "direction" | "isMute">;
type SessionEvents = Omit<PeerEvents, keyof Flow>;

export interface PeerOffer extends Flow {
  readonly liveId: Id;
  readonly sdp: string;
  /** The client network of a viewer; undefined for who publishes here, or may. */
  readonly network: string | undefined;
}

/** The connections of WebRTC of this process, by ids that cannot be guessed. */
export class Peers {
  readonly #host: LiveHost;
  readonly #open = new Map<string, { readonly liveId: Id; readonly peer: Peer }>();
  readonly #strangers = new Places(strangers);
  #opening = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(host: LiveHost) {
    this.#host = host;
  }

  get isFull(): boolean {
    return this.#open.size + this.#opening >= connectionsMax;
  }

  /**
   * Answers an offer. `begin` is called with the connection before anything arrives by it.
   * @throws BadOffer, TooManyOfNetwork, TooManyWebrtcViewers
   */
  async open(
    { liveId, sdp, network, ...flow }: PeerOffer,
    begin: (peer: Peer, offer: { readonly hasVideo: boolean; readonly hasAudio: boolean }) => SessionEvents,
  ): Promise<OpenPeer> {
    const offer = refusing(() => readOffer(sdp, flow.direction === "recvonly" ? "sends" : "receives"));
    const sessionId = this.#host.random(16).toString("base64url");
    let events: SessionEvents | undefined;
    let isDisplaced = false;
    const end = () => {
      isDisplaced = true;
      this.#open.get(sessionId)?.peer.close();
    };
    const place = network === undefined ? undefined : this.#strangers.take(network, { end });
    if (place === "holder") throw TooManyOfNetwork({});
    if (place === "all") throw TooManyWebrtcViewers({});
    const timer = setTimeout(end, connectMs).unref();
    const listeners: PeerEvents = {
      ...flow,
      onConnected() {
        clearTimeout(timer);
        place?.admit();
        events?.onConnected();
      },
      onClosed: () => {
        clearTimeout(timer);
        place?.release();
        this.#open.delete(sessionId);
        events?.onClosed();
      },
      onPacket: (kind, packet) => events?.onPacket?.(kind, packet),
      onSenderReport: (kind, ntp, timestamp) => events?.onSenderReport?.(kind, ntp, timestamp),
      onKeyFrameWanted: () => events?.onKeyFrameWanted?.(),
    };
    this.#opening++;
    try {
      // One after the other: two that look for a free port at the same time would find the same.
      const answered = this.#last.then(() => answerPeer(offer, this.#host.settings.webrtc, listeners));
      this.#last = answered.catch(() => undefined);
      const peer = await answered;
      events = begin(peer, offer);
      this.#open.set(sessionId, { liveId, peer });
      if (isDisplaced) peer.close();
      return { sessionId, answer: peer.answer };
    } catch (error) {
      clearTimeout(timer);
      place?.release();
      this.#host.log.info("an offer of WebRTC was not answered", { err: error });
      throw BadOffer({ reason: "the offer cannot be answered" });
    } finally {
      this.#opening--;
    }
  }

  /** Ends a connection of a room; false where there is none of this id. */
  close(liveId: Id, sessionId: string): boolean {
    const open = this.#open.get(sessionId);
    if (open?.liveId !== liveId) return false;
    open.peer.close();
    return true;
  }

  closeAll(): void {
    for (const { peer } of Array.from(this.#open.values())) peer.close();
  }
}

function refusing<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof IngestRefusal) throw BadOffer({ reason: error.message });
    throw error;
  }
}
