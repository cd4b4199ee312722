import { spawn } from "node:child_process";

/*
 * The time as a picture, and back: a row of bars, one for each bit of the milliseconds since `fromMs`. Bars are wide
 * enough to survive an encoder.
 */
const width = 640;
const height = 360;
const bits = 24;
const barPx = 24;
const [black, white] = [16, 235] as const;

/** A script for a page: the age of what an element shows, in milliseconds; `null` where no bars are in it. */
export const ageOf = (element: string, fromMs: number): string => `(() => {
  const video = ${element};
  if (!video || video.readyState < 2 || video.videoWidth === 0) return null;
  const canvas = (window.clockCanvas ??= Object.assign(document.createElement("canvas"), { width: ${width}, height: ${height} }));
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  drawing.drawImage(video, 0, 0, ${width}, ${height});
  const nowMs = Date.now() - ${fromMs};
  const { data } = drawing.getImageData(0, ${barPx / 2}, ${bits * barPx}, 1);
  let shown = 0;
  for (let bit = 0; bit < ${bits}; bit++) if (data[(bit * ${barPx} + ${barPx / 2}) * 4] > 128) shown += 2 ** bit;
  const age = nowMs - shown;
  return age >= 0 && age < 60_000 ? age : null;
})()`;

/** A script for a page: a stream of the picture, as of a camera. */
export const clockStream = (fromMs: number): string => `(() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: ${width}, height: ${height} });
  const drawing = canvas.getContext("2d");
  const draw = () => {
    const shown = Date.now() - ${fromMs};
    drawing.fillStyle = "gray";
    drawing.fillRect(0, 0, ${width}, ${height});
    for (let bit = 0; bit < ${bits}; bit++) {
      drawing.fillStyle = Math.floor(shown / 2 ** bit) % 2 ? "white" : "black";
      drawing.fillRect(bit * ${barPx}, 0, ${barPx}, ${barPx * 2});
    }
  };
  draw();
  setInterval(draw, 1000 / 30);
  return canvas.captureStream(30);
})()`;

/** Publishes the picture with a tone to an RTMP address until it is disposed. */
export function publishClock(to: string, fromMs: number): Disposable {
  const picture = `-f rawvideo -pix_fmt yuv420p -s ${width}x${height} -r 30 -i pipe:0`.split(" ");
  const sound = ["-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"];
  const video = "-c:v libx264 -preset ultrafast -tune zerolatency -g 60 -b:v 1000k -pix_fmt yuv420p".split(" ");
  const encoder = spawn("ffmpeg", ["-v", "error", ...picture, ...sound, ...video, "-c:a", "aac", "-f", "flv", to], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  encoder.stdin.on("error", () => undefined);
  let sent = 0;
  const beganMs = performance.now();
  const timer = setInterval(() => {
    // At the pace of a camera, whatever the timer does.
    for (; sent < ((performance.now() - beganMs) * 30) / 1_000; sent++)
      encoder.stdin.write(frameOf(Date.now() - fromMs));
  }, 5);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      encoder.kill("SIGKILL");
    },
  };
}

function frameOf(shown: number): Buffer {
  const frame = Buffer.alloc((width * height * 3) / 2, 128);
  for (let bit = 0; bit < bits; bit++) {
    const luma = Math.floor(shown / 2 ** bit) % 2 ? white : black;
    for (let y = 0; y < 2 * barPx; y++) frame.fill(luma, y * width + bit * barPx, y * width + (bit + 1) * barPx);
  }
  return frame;
}
