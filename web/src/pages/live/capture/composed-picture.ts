const framesPerSecond = 30;
const widthMax = 1280;
/** The camera's part of the width, and its distance from the corner. */
const share = 0.24;
const margin = 0.02;

/** One picture of a screen with the camera in its lower right corner. */
export async function composedPicture(
  screen: MediaStreamTrack,
  camera: MediaStreamTrack,
): Promise<{ track: MediaStreamTrack; stop: () => void }> {
  const [below, above] = await Promise.all([screen, camera].map(playing));
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { alpha: false });
  if (below === undefined || above === undefined || context === null) throw new TypeError("no canvas");
  const draw = () => {
    const scale = Math.min(1, widthMax / Math.max(1, below.videoWidth));
    // Encoders want even numbers.
    const [width, height] = [below.videoWidth, below.videoHeight].map((side) =>
      Math.max(2, Math.round((side * scale) / 2) * 2),
    );
    if (width === undefined || height === undefined) return;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.drawImage(below, 0, 0, width, height);
    const w = width * share;
    const h = (w * above.videoHeight) / Math.max(1, above.videoWidth);
    context.drawImage(above, width - w - width * margin, height - h - width * margin, w, h);
  };
  draw();
  const timer = setInterval(draw, 1_000 / framesPerSecond);
  const [track] = canvas.captureStream(framesPerSecond).getVideoTracks();
  if (track === undefined) throw new TypeError("no track of a canvas");
  return {
    track,
    stop: () => {
      clearInterval(timer);
      track.stop();
    },
  };
}

async function playing(track: MediaStreamTrack): Promise<HTMLVideoElement> {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  await video.play();
  return video;
}
