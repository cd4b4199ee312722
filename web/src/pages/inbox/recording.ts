/** A voice message ends by itself after this long. */
export const voiceMsMax = 120_000;
/** The formats that browsers record, the best first, with their file extensions. */
const kinds = [
  ["audio/webm;codecs=opus", "webm"],
  ["audio/mp4", "m4a"],
  ["audio/ogg;codecs=opus", "ogg"],
] as const;
const bitsPerSecond = 32_000;

/** True if this browser can record here: only on secure origins. */
export const canRecord = (): boolean =>
  "mediaDevices" in navigator && typeof MediaRecorder === "function" && kindOf() !== undefined;
const kindOf = () => kinds.find(([type]) => MediaRecorder.isTypeSupported(type));

export interface Recording {
  /** How loud it is this moment, 0…1. */
  level: () => number;
  /** The recording until now, as a file; `null` where it is empty. */
  finish: () => Promise<File | null>;
  cancel: () => void;
}

/** Listens to the microphone. @throws DOMException where there is none, or the viewer does not allow it */
export async function record(): Promise<Recording> {
  const [type, ending] = kindOf() ?? ["", ""];
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: true, noiseSuppression: true },
  });
  const context = new AudioContext();
  const ear = new AnalyserNode(context, { fftSize: 1024 });
  context.createMediaStreamSource(stream).connect(ear);
  const samples = new Float32Array(ear.fftSize);
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: bitsPerSecond });
  const chunks: Blob[] = [];
  recorder.addEventListener("dataavailable", ({ data }) => chunks.push(data));
  const ended = new Promise<void>((resolve) => recorder.addEventListener("stop", () => resolve(), { once: true }));
  recorder.start(1_000);
  const stop = () => {
    if (recorder.state !== "inactive") recorder.stop();
    // The light beside the camera goes out.
    for (const track of stream.getTracks()) track.stop();
    void context.close().catch(() => undefined);
  };
  return {
    level: () => {
      ear.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      return Math.min(1, Math.sqrt(power) * 4);
    },
    finish: async () => {
      stop();
      await ended;
      const bare = type.replace(/;.*$/, "");
      const said = new Blob(chunks, { type: bare });
      return said.size === 0 ? null : new File([said], `voice.${ending}`, { type: bare });
    },
    cancel: stop,
  };
}
