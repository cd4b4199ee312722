import { ask } from "#base/api/request/client.ts";
import { lockedLive, unlockOf } from "#base/api/request/unlocks.ts";

/** Bits a second of pictures and of sound, at most. */
const videoBpsMax = 4_000_000;
const guestVideoBpsMax = 1_500_000;
const audioBpsMax = 128_000;
const statisticsMs = 1_000;

export type WhipState = "connecting" | "sending" | "lost";

/** The figures of a publisher's connection. */
export interface WhipFigures {
  readonly kbps: number;
  readonly fps: number;
  readonly roundTripMs: number;
}

export interface WhipEvents {
  readonly state: (state: WhipState) => void;
  readonly figures: (figures: WhipFigures) => void;
}

export interface WhipConnection {
  /** Sends another picture in place of the one so far, without a new connection. */
  readonly replace: (track: MediaStreamTrack) => Promise<void>;
  readonly close: () => void;
}

/** The target of a publication. */
export interface WhipTarget {
  readonly liveId: number;
  /** The room that it is shown in: another one for a guest. */
  readonly roomId: number;
}

/** Publishes to a live room by WebRTC (WHIP, RFC 9725). Rejects with a sentence of the server where it refuses. */
export async function publishByWhip(
  { liveId, roomId }: WhipTarget,
  stream: MediaStream,
  events: WhipEvents,
): Promise<WhipConnection> {
  events.state("connecting");
  // Renews the session where that is due: the offer is no operation of the client.
  await ask("live.get", { path: { id: roomId } });
  const connection = new RTCPeerConnection();
  const pictureBps = liveId === roomId ? videoBpsMax : guestVideoBpsMax;
  const senders = stream.getTracks().map((track) => addTrack(connection, { track, stream, pictureBps }));
  connection.onconnectionstatechange = () => {
    const { connectionState: state } = connection;
    if (state === "connected") events.state("sending");
    else if (state === "failed" || state === "disconnected" || state === "closed") events.state("lost");
  };
  let location: string;
  try {
    await connection.setLocalDescription();
    if (stream.getVideoTracks().length > 0 && !offersH264(connection.localDescription?.sdp ?? ""))
      throw new MissingCodec();
    // Without candidates of this side: the server answers wherever checks come from.
    const { url, sdp } = await offerTo(
      `/api/v1/lives/${liveId}/whip`,
      connection.localDescription?.sdp ?? "",
      unlockOf(lockedLive(roomId)),
    );
    location = url;
    await connection.setRemoteDescription({ type: "answer", sdp });
  } catch (error) {
    connection.close();
    throw error;
  }
  const last = { bytes: 0, atMs: performance.now() };
  const timer = setInterval(() => void figuresOf(connection, last).then(events.figures), statisticsMs);
  return {
    async replace(track) {
      await senders.find((sender) => sender.track?.kind === track.kind)?.replaceTrack(track);
    },
    close() {
      clearInterval(timer);
      connection.onconnectionstatechange = null;
      connection.close();
      // The page may be closing.
      fetch(location, { method: "DELETE", keepalive: true }).catch(() => undefined);
    },
  };
}

interface SentTrack {
  readonly track: MediaStreamTrack;
  readonly stream: MediaStream;
  readonly pictureBps: number;
}

function addTrack(connection: RTCPeerConnection, { track, stream, pictureBps }: SentTrack): RTCRtpSender {
  const isVideo = track.kind === "video";
  const transceiver = connection.addTransceiver(track, {
    direction: "sendonly",
    streams: [stream],
    sendEncodings: [{ maxBitrate: isVideo ? pictureBps : audioBpsMax }],
  });
  const codecs = RTCRtpSender.getCapabilities(track.kind)?.codecs ?? [];
  const wanted = isVideo ? /^video\/h264$/i : /^audio\/opus$/i;
  const preferred = codecs.filter(({ mimeType }) => wanted.test(mimeType));
  if (preferred.length > 0) transceiver.setCodecPreferences(preferred);
  return transceiver.sender;
}

/** Sends an offer of WHIP or WHEP; `unlock` opens a room with a password. */
export async function offerTo(url: string, body: string, unlock?: string): Promise<{ url: string; sdp: string }> {
  const headers = { "content-type": "application/sdp", ...(unlock !== undefined && { "x-kinora-unlock": unlock }) };
  const answer = await fetch(url, { method: "POST", headers, body });
  const text = await answer.text();
  const location = answer.headers.get("location");
  if (answer.status === 201 && location !== null) return { url: location, sdp: text };
  throw new WhipRefusal(codeOf(text));
}

/** True if an offer has H.264, the one picture that the server takes. Firefox has it by a plug-in, which may be off. Pure. */
export const offersH264 = (sdp: string): boolean => /^a=rtpmap:\d+ h264\/90000/im.test(sdp);

/** This browser has no H.264 to send. */
export class MissingCodec extends Error {}

/** The server does not take the stream, or does not give it. */
export class WhipRefusal extends Error {
  /** The stable code of its reason; empty where there is none. */
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

function codeOf(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null && "error" in body ? String(body.error) : "";
  } catch {
    return "";
  }
}

async function figuresOf(connection: RTCPeerConnection, last: { bytes: number; atMs: number }): Promise<WhipFigures> {
  let bytes = 0;
  let fps = 0;
  let roundTripMs = 0;
  const report = await connection.getStats();
  report.forEach((entry: Record<string, unknown>) => {
    if (entry["type"] === "outbound-rtp") {
      bytes += Number(entry["bytesSent"] ?? 0);
      if (entry["kind"] === "video") fps = Number(entry["framesPerSecond"] ?? 0);
    }
    if (entry["type"] === "candidate-pair" && entry["nominated"] === true)
      roundTripMs = Number(entry["currentRoundTripTime"] ?? 0) * 1_000;
  });
  const atMs = performance.now();
  const kbps = ((bytes - last.bytes) * 8) / Math.max(1, atMs - last.atMs);
  last.bytes = bytes;
  last.atMs = atMs;
  return { kbps: Math.max(0, Math.round(kbps)), fps: Math.round(fps), roundTripMs: Math.round(roundTripMs) };
}
