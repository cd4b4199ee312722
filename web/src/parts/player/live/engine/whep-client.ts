import { ask } from "#base/api/request/client.ts";
import { offerTo, WhipRefusal } from "./whip-client.ts";

/** Picture and sound are there within this time; else they are had in another way. */
const patienceMs = 20_000;
const lookMs = 250;
/** A guest who just came has sent nothing yet; the server waits a few seconds at each. */
const attemptsMax = 4;
const againMs = 1_000;

export interface WhepConnection {
  readonly close: () => void;
}

/**
 * Plays a live stream by WebRTC (WHEP) in `video`. Rejects where that is refused, and where no picture or no sound comes:
 * the sound of most encoders cannot be had so. `lost`: it has ended.
 */
export async function watchByWhep(
  video: HTMLVideoElement,
  liveId: number,
  { signal, lost }: { readonly signal: AbortSignal; readonly lost: () => void },
): Promise<WhepConnection> {
  const stream = new MediaStream();
  const connection = new RTCPeerConnection();
  for (const kind of ["video", "audio"]) connection.addTransceiver(kind, { direction: "recvonly" });
  connection.ontrack = ({ track }) => stream.addTrack(track);
  let location: string | undefined;
  const close = () => {
    connection.onconnectionstatechange = null;
    connection.close();
    if (video.srcObject === stream) video.srcObject = null;
    if (location !== undefined) fetch(location, { method: "DELETE", keepalive: true }).catch(() => undefined);
  };
  try {
    await connection.setLocalDescription();
    const { url, sdp } = await sendOffer(liveId, connection.localDescription?.sdp ?? "", signal);
    location = url;
    if (isMute(sdp)) throw new Error("no sound will come");
    await connection.setRemoteDescription({ type: "answer", sdp });
    video.srcObject = stream;
    await flows(connection, signal);
  } catch (error) {
    close();
    throw error;
  }
  connection.onconnectionstatechange = () => {
    if (connection.connectionState === "failed" || connection.connectionState === "closed") lost();
  };
  return { close };
}

async function sendOffer(liveId: number, offer: string, signal: AbortSignal): Promise<{ url: string; sdp: string }> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { webrtc_url } = await ask("live.playbackAddress", { path: { id: liveId }, signal });
      return await offerTo(webrtc_url, offer);
    } catch (error) {
      const isSoon = error instanceof WhipRefusal && error.code === "live.not_live";
      if (!isSoon || attempt >= attemptsMax || signal.aborted) throw error;
      await pause(againMs, signal);
    }
  }
}

/** True for an answer without sound. */
const isMute = (sdp: string): boolean =>
  sdp.split(/^m=/m).some((section) => section.startsWith("audio") && /^a=inactive\s*$/m.test(section));

/** Settles when pictures and sound arrive. */
async function flows(connection: RTCPeerConnection, signal: AbortSignal): Promise<void> {
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    const kinds = await arrivingOf(connection);
    if (kinds.has("video") && kinds.has("audio")) return;
    if (performance.now() > untilMs || signal.aborted) throw new Error("no picture or no sound came");
    await pause(lookMs, signal);
  }
}

async function arrivingOf(connection: RTCPeerConnection): Promise<ReadonlySet<unknown>> {
  const arriving = new Set<unknown>();
  (await connection.getStats()).forEach((entry: Record<string, unknown>) => {
    if (entry["type"] === "inbound-rtp" && Number(entry["packetsReceived"] ?? 0) > 0) arriving.add(entry["kind"]);
  });
  return arriving;
}

function pause(afterMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, afterMs);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
