import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Stretch, withEdits } from "#media/mp4/testing";
import { clockPicture, clockSound } from "./clock.ts";
import { ffmpeg } from "./tracks.ts";

/** A film that players show in a way of its own, and what they show. */
export interface Film {
  readonly file: string;
  /** Makes it in a folder. */
  readonly make: (folder: string) => Promise<Buffer>;
  /** The second that is shown and sounds in each second of what is published. */
  readonly shows: readonly number[];
  /** Seconds where the sound differs; a second without sound is not compared. */
  readonly sounds?: readonly number[];
  readonly size: string;
  /** The part of the picture with its clock at a time, as FFmpeg's `crop`. */
  readonly crop?: (ms: number) => string | undefined;
}

const h264 = "-c:v libx264 -preset veryfast -g 25 -pix_fmt yuv420p -c:a aac".split(" ");
const seconds = (count: number, from = 0): number[] => Array.from({ length: count }, (_, n) => from + n);

/** The output of FFmpeg for these arguments. */
async function made(folder: string, file: string, ...args: readonly string[]): Promise<Buffer> {
  const path = join(folder, `source-${file}`);
  await ffmpeg(...args, path);
  return readFile(path);
}

const edited = (...stretches: readonly Stretch[]): Pick<Film, "file" | "make" | "size"> => ({
  file: "film.mp4",
  size: "160x90",
  make: async (folder) =>
    withEdits(await made(folder, "film.mp4", ...clockPicture(), ...clockSound(), ...h264), stretches),
});

const turned = (file: string, codecs: string): Pick<Film, "file" | "make" | "size" | "shows" | "crop"> => ({
  file,
  size: "160x90",
  shows: seconds(6),
  // The second half is fitted into the frame of the first one.
  crop: (ms) => (ms < 2_980 ? undefined : "50:90:55:0"),
  async make(folder) {
    const part = (size: string, from: number) =>
      made(
        folder,
        `${from}-${file}`,
        ...clockPicture({ size, seconds: 3, from }),
        ...clockSound({ seconds: 3, from }),
        ...codecs.split(" "),
      );
    const [wide, tall] = [await part("160x90", 0), await part("90x160", 3)];
    if (file.endsWith(".ts")) return Buffer.concat([wide, tall]);
    const list = join(folder, "list.txt");
    await writeFile(list, `file 'source-0-${file}'\nfile 'source-3-${file}'\n`);
    return made(folder, file, "-f", "concat", "-i", list, "-c", "copy");
  },
});

export const corpus: Readonly<Record<string, Film>> = {
  "cut in the middle": { ...edited({ from: 0, seconds: 2 }, { from: 4, seconds: 2 }), shows: [0, 1, 4, 5] },
  "cut at both ends": { ...edited({ from: 2, seconds: 2 }), shows: [2, 3] },
  "with twenty attachments": {
    file: "film.mkv",
    size: "160x90",
    shows: seconds(6),
    async make(folder) {
      const font = join(folder, "font.ttf");
      await writeFile(font, "no font");
      const attachments = seconds(20).flatMap((n) => ["-attach", font, `-metadata:s:t:${n}`, "mimetype=font/ttf"]);
      return made(folder, "film.mkv", ...clockPicture(), ...clockSound(), ...h264, ...attachments);
    },
  },
  "with a picture every five seconds": {
    file: "film.mp4",
    size: "160x90",
    shows: seconds(15).map((second) => (5 * Math.floor(second / 5)) % 8),
    sounds: seconds(15),
    make: (folder) =>
      made(folder, "film.mp4", ...clockPicture({ fps: 0.2, seconds: 15 }), ...clockSound({ seconds: 15 }), ...h264),
  },
  "whose size changes, WebM": turned("film.webm", "-c:v libvpx -deadline realtime -cpu-used 8 -g 25 -c:a libopus"),
  "whose size changes, transport stream": turned("film.ts", h264.join(" ")),
  "whose first sound has no decoder": {
    file: "film.mov",
    size: "160x90",
    shows: seconds(6),
    async make(folder) {
      const maps = "-map 0 -map 1 -map 1".split(" ");
      const film = await made(folder, "film.mov", ...clockPicture(), ...clockSound(), ...maps, ...h264);
      // Its sample entry; the name of the codec is in it once more.
      film.write("apac", film.indexOf("mp4a", film.indexOf("moov")), "latin1");
      return film;
    },
  },
  "whose first sound is damaged": {
    file: "film.mp4",
    size: "160x90",
    shows: seconds(6),
    async make(folder) {
      const maps = "-map 0 -map 1 -map 1".split(" ");
      await made(folder, "whole.mp4", ...clockPicture(), ...clockSound(), ...maps, ...h264);
      const noise = "-map 0 -c copy -bsf:a:0 noise=amount=1".split(" ");
      return made(folder, "film.mp4", "-i", join(folder, "source-whole.mp4"), ...noise);
    },
  },
  "whose clock passes 33 bits": {
    file: "film.ts",
    size: "160x90",
    shows: seconds(6),
    make: (folder) =>
      made(folder, "film.ts", ...clockPicture(), ...clockSound(), ...h264, "-output_ts_offset", "95440.7"),
  },
  "beside a still that is switched off": {
    file: "film.mp4",
    size: "160x90",
    shows: seconds(5),
    make: (folder) =>
      made(
        folder,
        "film.mp4",
        ..."-f lavfi -i color=red:s=320x180:r=1:d=2".split(" "),
        ...clockPicture({ seconds: 5 }),
        ...clockSound({ seconds: 5 }),
        ..."-map 0 -map 1 -map 2 -disposition:v:0 0 -disposition:v:1 default".split(" "),
        ...h264,
      ),
  },
  "whose recorder lost power": {
    file: "film.mp4",
    size: "160x90",
    shows: seconds(6),
    sounds: seconds(5),
    async make(folder) {
      const options = "-g 50 -movflags +frag_keyframe+empty_moov".split(" ");
      const film = await made(
        folder,
        "film.mp4",
        ...clockPicture({ seconds: 8 }),
        ...clockSound({ seconds: 8 }),
        ...h264,
        ...options,
      );
      // Within the sound of the third fragment, behind its pictures.
      const third = film.indexOf("moof", film.indexOf("moof", film.indexOf("moof") + 4) + 4);
      const end = film.indexOf("moof", third + 4);
      return film.subarray(0, end - Math.floor((end - third) * 0.25));
    },
  },
};
