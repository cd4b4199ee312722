import { writeFile } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import { systemChildren } from "../../src/media/process/children.ts";
import sharp from "sharp";
import { drawing, rect } from "./svg.ts";
import { times } from "./random.ts";
import type { Scene } from "./scene.ts";
import { sampleRate, samplesOf, type Sound } from "./sound.ts";

/** Enough for drawings, and half the work of a usual video. */
const framesPerSecond = 12;
/** Frames that are drawn while the encoder takes the ones before. */
const ahead = 3;

export interface Film {
  readonly scene: Scene;
  readonly sound: Sound;
  /** A whole number of loops, as it is made of repeats of one. */
  readonly loops: number;
}

export const secondsOf = ({ scene, loops }: Film): number => scene.loopSeconds * loops;

/** The picture at `u` of the loop as a document of SVG. */
export const stillOf = ({ size, back, middle, front = "" }: Scene, u: number): string =>
  drawing(size, back + middle(u) + front);

/**
 * Draws a film into `folder` and yields its path: an MP4 file. One loop is drawn and encoded, and its packets are repeated.
 *
 * @throws Error where FFmpeg ends with one
 */
export async function makeFilm(film: Film, folder: string, ffmpeg: string, signal: AbortSignal): Promise<string> {
  const { scene, sound } = film;
  const [back, front, loop, music, path] = ["back.png", "front.png", "loop.mp4", "sound.raw", "film.mp4"].map((name) =>
    join(folder, name),
  ) as [string, string, string, string, string]; // As many as there are names.
  await sharp(Buffer.from(drawing(scene.size, scene.back || rect(0, 0, 1, 1, "#000000"))))
    .png({ compressionLevel: 1 })
    .toFile(back);
  await sharp(Buffer.from(drawing(scene.size, (scene.front ?? "") + vignette(scene.size))))
    .png({ compressionLevel: 1 })
    .toFile(front);
  const composing = samplesOf(sound, secondsOf(film), scene.back.length);
  await encodeLoop(scene, { back, front, loop }, ffmpeg, signal);
  await writeFile(music, await composing);
  await finish(
    ffmpeg,
    `-stream_loop ${film.loops - 1} -i`,
    [loop],
    `-f s16le -ar ${sampleRate} -ac 1 -i`,
    [music],
    `-map 0:v -map 1:a -c:v copy -c:a aac -b:a 96k -t ${secondsOf(film)} -movflags +faststart`,
    [path],
  );
  return path;
}

/** The loss of light in the corners of a lens: by the fourth power of the cosine, of 180/7 degrees in a corner. */
function vignette({ width, height }: Scene["size"]): string {
  const stops = times(
    17,
    (i) => `<stop offset="${i / 16}" stop-opacity="${1 - Math.cos((Math.PI / 7) * (i / 16)) ** 4}"/>`,
  );
  const circle = `cx="${width / 2}" cy="${height / 2}" r="${Math.hypot(width, height) / 2}"`;
  return (
    `<radialGradient id="vignette" gradientUnits="userSpaceOnUse" ${circle}>${stops.join("")}</radialGradient>` +
    rect(0, 0, width, height, "url(#vignette)")
  );
}

const flagsOf = (parts: readonly (string | readonly string[])[]): string[] =>
  parts.flatMap((part) => (typeof part === "string" ? part.split(" ") : part));

/** Runs FFmpeg; flags are split at spaces, paths in brackets are not. */
async function finish(ffmpeg: string, ...parts: readonly (string | readonly string[])[]): Promise<void> {
  const child = await systemChildren.start([ffmpeg, ...flagsOf(["-hide_banner -nostdin -y", ...parts])], { env: {} });
  child.stdout.resume();
  child.stderr.resume();
  const { code } = await child.ended;
  if (code !== 0) throw new Error("FFmpeg could not finish a demo film");
}

async function encodeLoop(
  scene: Scene,
  paths: { readonly back: string; readonly front: string; readonly loop: string },
  ffmpeg: string,
  signal: AbortSignal,
): Promise<void> {
  const { width, height } = scene.size;
  const frames = scene.loopSeconds * framesPerSecond;
  const child = await systemChildren.start(
    [
      ffmpeg,
      ...flagsOf([
        `-hide_banner -y -framerate ${framesPerSecond} -i`,
        [paths.back],
        `-f rawvideo -pix_fmt rgba -s ${width}x${height} -framerate ${framesPerSecond} -i pipe:0 -framerate ${framesPerSecond} -i`,
        [paths.front],
        // The still layers are decoded and converted once: for each frame that costs more than its encoding.
        "-filter_complex [0]format=yuv420p,loop=-1:1[back];[2]format=yuva420p,loop=-1:1[front];" +
          // A little grain keeps gradients from showing bands. Without B-frames the loop can be repeated as it is.
          "[back][1]overlay=shortest=1[drawn];[drawn][front]overlay=shortest=1,noise=alls=5:allf=t,format=yuv420p",
        `-frames:v ${frames} -c:v libx264 -preset veryfast -crf 24 -bf 0 -g ${framesPerSecond * 2} -threads 2`,
        [paths.loop],
      ]),
    ],
    { env: {}, hasInput: true },
  );
  child.stdout.resume();
  child.stderr.resume();
  const { stdin } = child;
  if (!stdin) throw new Error("FFmpeg was started without its input");
  // An encoder that ended early is reported by its code.
  stdin.on("error", () => undefined);
  try {
    const drawn: Promise<Buffer>[] = [];
    for (let place = 0; place < frames + ahead; place++) {
      if (place < frames) drawn.push(frameOf(scene, place / frames));
      const frame = place < ahead ? undefined : await drawn.shift();
      signal.throwIfAborted();
      const isFull =
        frame &&
        !stdin.write(frame, (error) => {
          if (!error) free(frame);
        });
      if (isFull) await Promise.race([once(stdin, "drain"), child.ended]);
    }
    stdin.end();
    const { code } = await child.ended;
    if (code !== 0) throw new Error("FFmpeg could not encode a demo film");
  } catch (error) {
    systemChildren.endGroup(child.pid);
    throw error;
  }
}

/**
 * Gives the memory of a frame back now. The collector would count its 2 MB as a reason to look through the whole heap of
 * the server after every dozen of frames. The search takes longer than to draw them.
 */
function free({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}

const frameOf = ({ size, middle }: Scene, u: number): Promise<Buffer> =>
  sharp(Buffer.from(drawing(size, middle(u))))
    .ensureAlpha()
    .raw()
    .toBuffer();
