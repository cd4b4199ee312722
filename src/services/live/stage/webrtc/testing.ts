import type { Frame, VideoFormat, VideoFrame } from "#media/frames/frame";
import { h264Payloads, parameterSets } from "#media/rtp/h264-packetizer";
import {
  MediaStreamTrack,
  RTCPeerConnection,
  type RtpPacket,
  RtpHeader,
  RtpPacket as Packet,
  useH264,
  useOPUS,
} from "werift";

/** The other side of a connection, as a browser is it. */
const newConnection = (): RTCPeerConnection =>
  new RTCPeerConnection({
    codecs: { video: [useH264()], audio: [useOPUS()] },
    bundlePolicy: "max-bundle",
    iceServers: [],
    iceUseIpv4: false,
    iceUseIpv6: false,
    iceAdditionalHostAddresses: ["127.0.0.1"],
  });

export interface WhipClient {
  readonly offer: string;
  /** How often a key frame was asked for. */
  readonly asked: () => number;
  accept(answer: string): Promise<void>;
  /** Sends the pictures at their pace, again and again, until it is closed. */
  send(format: VideoFormat, pictures: readonly VideoFrame[], sounds?: readonly Frame[]): void;
  /** Sends a datagram as it is, by the socket that its media go by. */
  sendRaw(datagram: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** A publisher of H.264 and, where it is asked for, Opus. */
export async function whipClient({ hasAudio = false } = {}): Promise<WhipClient> {
  const connection = newConnection();
  const tracks = { video: new MediaStreamTrack({ kind: "video" }), audio: new MediaStreamTrack({ kind: "audio" }) };
  const { sender } = connection.addTransceiver(tracks.video, { direction: "sendonly" });
  if (hasAudio) connection.addTransceiver(tracks.audio, { direction: "sendonly" });
  await connection.setLocalDescription(await connection.createOffer());
  let asked = 0;
  sender.onPictureLossIndication.subscribe(() => asked++);
  let timer: NodeJS.Timeout | undefined;
  const sequences = { video: 65_000, audio: 1_000 };
  const write = (kind: "video" | "audio", timestamp: number, payloads: readonly Buffer[]): void => {
    for (const [n, payload] of payloads.entries()) {
      const sequenceNumber = sequences[kind]++ % 2 ** 16;
      const header = new RtpHeader({
        version: 2,
        sequenceNumber,
        timestamp: timestamp % 2 ** 32,
        marker: n === payloads.length - 1,
      });
      tracks[kind].writeRtp(new Packet(header, payload));
    }
  };
  return {
    offer: connection.localDescription?.sdp ?? "",
    asked: () => asked,
    async sendRaw(datagram) {
      for (const { connection: path } of connection.iceTransports) await path.send(datagram);
    },
    accept: (answer) => connection.setRemoteDescription({ type: "answer", sdp: answer }),
    send(format, pictures) {
      const startMs = performance.now();
      let sent = 0;
      let sounds = 0;
      timer = setInterval(() => {
        const passedMs = performance.now() - startMs;
        for (; sent * 33.3 < passedMs; sent++) {
          const { isKey = false, bytes = Buffer.alloc(0) } = pictures[sent % pictures.length] ?? {};
          write("video", 4_294_000_000 + sent * 3_000, h264Payloads(bytes, isKey ? parameterSets(format.config) : []));
        }
        if (!hasAudio) return;
        // 20 ms of silence (RFC 6716 §3.1: CELT, one frame).
        for (; sounds * 20 < passedMs; sounds++) write("audio", 500 + sounds * 960, [Buffer.from([0xf8, 0xff, 0xfe])]);
      }, 10);
    },
    async close() {
      clearInterval(timer);
      await connection.close();
    },
  };
}

/** A viewer; it counts what it receives. */
export async function whepClient() {
  const connection = newConnection();
  const received: Record<"video" | "audio", RtpPacket[]> = { video: [], audio: [] };
  for (const kind of ["video", "audio"] as const) connection.addTransceiver(kind, { direction: "recvonly" });
  connection.onTrack.subscribe((track) =>
    track.onReceiveRtp.subscribe((packet) => received[track.kind === "video" ? "video" : "audio"].push(packet)),
  );
  await connection.setLocalDescription(await connection.createOffer());
  return {
    offer: connection.localDescription?.sdp ?? "",
    received,
    state: () => connection.connectionState,
    accept: (answer: string) => connection.setRemoteDescription({ type: "answer", sdp: answer }),
    close: () => connection.close(),
  };
}
