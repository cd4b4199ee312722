import { composedPicture } from "./composed-picture.ts";

export type CaptureKind = "camera" | "screen" | "both";

export interface CaptureChoice {
  readonly kind: CaptureKind;
  /** Empty for the one that the browser proposes. */
  readonly cameraId: string;
  readonly microphoneId: string;
  /** The picture is one of several: a smaller one is enough. */
  readonly isGuest?: boolean;
}

/** A camera or screen that is captured, until it is stopped. */
export interface Capture {
  readonly stream: MediaStream;
  readonly stop: () => void;
}

/** Why nothing is captured; each has a sentence of its own. */
export type CaptureProblem = "denied" | "no_device" | "in_use" | "unsupported" | "other";

const guestSize = { width: { ideal: 960 }, height: { ideal: 540 }, frameRate: { ideal: 30, max: 30 } };
const size = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 60 } };

/** Asks for the camera, the screen and the microphone as they were chosen. `ended`: the screen is shared no longer. */
export async function capture(
  { kind, cameraId, microphoneId, isGuest = false }: CaptureChoice,
  ended: () => void,
): Promise<Capture> {
  const streams: MediaStream[] = [];
  const take = (stream: MediaStream): MediaStream => {
    streams.push(stream);
    return stream;
  };
  const stopAll = () => {
    for (const stream of streams) for (const track of stream.getTracks()) track.stop();
  };
  try {
    // The screen first: browsers show their choice only as the answer to a press.
    const screen = kind === "camera" ? undefined : take(await navigator.mediaDevices.getDisplayMedia({ video: true }));
    const devices = take(
      await navigator.mediaDevices.getUserMedia({
        video:
          kind === "screen"
            ? false
            : { ...(isGuest ? guestSize : size), ...(cameraId !== "" && { deviceId: { exact: cameraId } }) },
        audio: microphoneId === "" ? true : { deviceId: { exact: microphoneId } },
      }),
    );
    const [screenTrack] = screen?.getVideoTracks() ?? [];
    screenTrack?.addEventListener("ended", ended);
    const camera = devices.getVideoTracks()[0];
    const composed =
      screenTrack !== undefined && camera !== undefined ? await composedPicture(screenTrack, camera) : undefined;
    const picture = composed?.track ?? screenTrack ?? camera;
    const stream = new MediaStream([...(picture === undefined ? [] : [picture]), ...devices.getAudioTracks()]);
    return {
      stream,
      stop: () => {
        composed?.stop();
        stopAll();
      },
    };
  } catch (error) {
    stopAll();
    throw error;
  }
}

/** The cause of a failed capture. Pure. */
export function captureProblem(error: unknown): CaptureProblem {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "no_device";
    case "NotReadableError":
    case "AbortError":
      return "in_use";
    case "TypeError":
      return "unsupported";
    default:
      return "other";
  }
}
