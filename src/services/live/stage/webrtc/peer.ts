import { networkInterfaces } from "node:os";
import type { RtpPayload } from "#media/rtp/packet";
import type { TakenOffer } from "#media/rtp/offer";
import type { RTCPeerConnection, RTCRtpSender, RTCRtpTransceiver } from "werift";

export interface PeerSettings {
  /** The address that sockets are bound to. */
  readonly host: string;
  /** The first and the last port; the system chooses where there are none. */
  readonly ports?: readonly [number, number] | undefined;
  /** The address at which browsers reach this machine, if it is none of its own addresses. */
  readonly address?: string | undefined;
}

export type Kind = "video" | "audio";

/** One connection of WebRTC: its media arrive by SRTP on a UDP port of its own. */
export interface Peer {
  /** SDP, with all candidates. */
  readonly answer: string;
  /** Asks the other side for a key frame. */
  requestKeyFrame(): void;
  /** Sends a packet; `timestamp` is at the rate of the codec. */
  send(kind: Kind, packet: RtpPayload): void;
  close(): void;
}

export interface PeerEvents {
  readonly direction: "recvonly" | "sendonly";
  /** The answer says that no sound will come. */
  readonly isMute?: boolean;
  /** Media flow from here on. */
  onConnected(): void;
  /** Called once, whichever side ended it. */
  onClosed(): void;
  onPacket?(kind: Kind, packet: RtpPayload): void;
  /** A sender report: 64 bits of NTP time, and the timestamp that belongs to it. */
  onSenderReport?(kind: Kind, ntp: bigint, timestamp: number): void;
  /** The other side cannot decode without a key frame. */
  onKeyFrameWanted?(): void;
}

/** The library is loaded with the first connection: most processes never have one. */
const library = () => import("werift");
type Library = typeof import("werift");

/** Answers an offer. This side is ICE Lite (RFC 8445 §2.5): it answers checks, and never sends to an address before. */
export async function answerPeer(offer: TakenOffer, settings: PeerSettings, events: PeerEvents): Promise<Peer> {
  const werift = await library();
  const connection = new werift.RTCPeerConnection(configOf(werift, settings));
  try {
    await connection.setRemoteDescription({ type: "offer", sdp: offer.sdp });
    for (const transceiver of connection.getTransceivers())
      transceiver.setDirection(events.isMute && transceiver.kind === "audio" ? "inactive" : events.direction);
    const answer = await connection.createAnswer();
    await connection.setLocalDescription(answer);
    const sdp = withAddresses(connection.localDescription?.sdp ?? "", addressesOf(settings));
    return connectedPeer(werift, connection, sdp, events);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function configOf(
  { useH264, useOPUS, useNACK, usePLI, useTWCC, useSdesMid, useTransportWideCC }: Library,
  settings: PeerSettings,
) {
  const { host, ports } = settings;
  const isAny = host === "0.0.0.0" || host === "::";
  return {
    codecs: {
      video: [useH264({ rtcpFeedback: [useNACK(), usePLI(), useTWCC()] })],
      audio: [useOPUS()],
    },
    headerExtensions: { video: [useSdesMid(), useTransportWideCC()], audio: [useSdesMid()] },
    bundlePolicy: "max-bundle" as const,
    iceLite: true,
    iceServers: [],
    // One socket for each connection, not one for each address of the machine: the answer lists the addresses.
    iceUseIpv4: false,
    iceUseIpv6: false,
    iceAdditionalHostAddresses: [isAny ? "0.0.0.0" : host],
    ...(!isAny && { iceInterfaceAddresses: { udp4: host, udp6: host } }),
    ...(ports && { icePortRange: [ports[0], ports[1]] satisfies [number, number] }),
  };
}

/** Addresses that the answer names, the best first. */
function addressesOf({ host, address }: PeerSettings): string[] {
  const ownAddresses =
    host === "0.0.0.0" || host === "::"
      ? Object.values(networkInterfaces()).flatMap((list = []) =>
          list.flatMap((networkInterface) =>
            networkInterface.family === "IPv4" && !networkInterface.internal ? [networkInterface.address] : [],
          ),
        )
      : [host];
  const all =
    address === undefined ? ownAddresses : [address, ...ownAddresses.filter((candidate) => candidate !== address)];
  return all.length === 0 ? ["127.0.0.1"] : all;
}

/** The answer with a candidate for each address, in place of the one of the socket. @throws Error where there is no socket */
function withAddresses(sdp: string, addresses: readonly string[]): string {
  const [, port] = /^a=candidate:\S+ 1 udp \d+ \S+ (\d+) typ host/im.exec(sdp) ?? [];
  if (port === undefined) throw new Error("no UDP port is free for WebRTC");
  const candidates = addresses.map(
    (address, n) => `a=candidate:${n + 1} 1 udp ${2_130_706_431 - n * 256} ${address} ${port} typ host`,
  );
  const lines = sdp.split("\r\n").filter((line) => !/^a=(?:candidate|end-of-candidates|ice-lite|msid:)/.test(line));
  const withCandidates = lines.flatMap((line) => {
    if (line.startsWith("a=ice-ufrag:")) return [...candidates, "a=end-of-candidates", line];
    // Players find picture and sound in one stream.
    return line === "a=sendonly" ? [line, "a=msid:live"] : [line];
  });
  // RFC 8839 §5.3: it stands before all media.
  return withCandidates
    .toSpliced(
      lines.findIndex((line) => line.startsWith("m=")),
      0,
      "a=ice-lite",
    )
    .join("\r\n");
}

function connectedPeer(werift: Library, connection: RTCPeerConnection, answer: string, events: PeerEvents): Peer {
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    connection.close().catch(() => undefined);
    events.onClosed();
  };
  connection.connectionStateChange.subscribe((state) => {
    if (state === "connected") events.onConnected();
    else if (state === "disconnected" || state === "failed" || state === "closed") close();
  });
  const transceivers = connection.getTransceivers();
  for (const transceiver of transceivers) listen(werift, transceiver, events);
  const senders = new Map<Kind, RTCRtpSender>(
    transceivers.map(({ kind, sender }) => [kind === "video" ? "video" : "audio", sender]),
  );
  return {
    answer,
    close,
    requestKeyFrame() {
      for (const { kind, receiver } of transceivers) {
        const { ssrc } = receiver.track;
        if (kind === "video" && ssrc !== undefined) receiver.sendRtcpPLI(ssrc).catch(() => undefined);
      }
    },
    send(kind, { sequence: sequenceNumber, timestamp, isLast: marker, payload }) {
      const header = new werift.RtpHeader({ version: 2, sequenceNumber, timestamp, marker });
      senders
        .get(kind)
        ?.sendRtp(new werift.RtpPacket(header, payload))
        .catch(() => undefined);
    },
  };
}

function listen(
  { RtcpSrPacket }: Library,
  { kind: name, receiver, sender }: RTCRtpTransceiver,
  events: PeerEvents,
): void {
  const kind = name === "video" ? "video" : "audio";
  sender.onPictureLossIndication.subscribe(() => events.onKeyFrameWanted?.());
  receiver.onRtcp.subscribe((packet) => {
    if (packet instanceof RtcpSrPacket)
      events.onSenderReport?.(kind, packet.senderInfo.ntpTimestamp, packet.senderInfo.rtpTimestamp);
  });
  receiver.track.onReceiveRtp.subscribe(({ header, payload }) =>
    events.onPacket?.(kind, {
      sequence: header.sequenceNumber,
      timestamp: header.timestamp,
      isLast: header.marker,
      payload,
    }),
  );
}
