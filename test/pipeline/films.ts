interface Film {
  readonly file: string;
  /** FFmpeg's arguments but for the output. */
  readonly make: readonly string[];
  readonly seconds: number;
  /** The length of the sound, if it is not that of the picture. */
  readonly soundSeconds?: number;
  /** The frames per second of its renditions. */
  readonly fps: number;
  /** Milliseconds. */
  readonly flashes: readonly number[];
  readonly beeps: readonly number[];
  readonly isToneMapped?: boolean;
}

/** The size of films that are not about renditions: one is enough. */
const small = "320x180";
const picture = (fps: number, seconds = 6, size = "640x360"): string[] => [
  "-f",
  "lavfi",
  "-i",
  `color=black:s=${size}:r=${fps}:d=${seconds},drawbox=t=fill:c=white:enable='lt(mod(t+0.001,1),0.2)'`,
];
const beep = "if(lt(mod(t,1),0.2),0.5*sin(2*PI*1000*t),0)";
const sound = (seconds = 6, channels = 1, offset = 0): string[] => [
  ...(offset === 0 ? [] : ["-itsoffset", String(offset)]),
  "-f",
  "lavfi",
  "-i",
  `aevalsrc='${Array.from({ length: channels }, () => beep).join("|")}':s=48000:d=${seconds}${channels === 6 ? ":c=5.1" : ""}`,
];
const h264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 48 -c:a aac".split(" ");
const every = (count: number, first = 0): number[] => Array.from({ length: count }, (_, n) => first + n * 1_000);
const usual = { file: "film.mp4", seconds: 6, flashes: every(6), beeps: every(6) };

/** Sources that no sample clip is, and what must come of them. */
export const films: Readonly<Record<string, Film>> = {
  "25 pictures a second": { ...usual, make: [...picture(25), ...sound(), ...h264], fps: 25 },
  "60 pictures a second": { ...usual, make: [...picture(60, 6, small), ...sound(), ...h264], fps: 60 },
  "120 pictures a second": { ...usual, make: [...picture(120, 6, small), ...sound(), ...h264], fps: 60 },
  HLG: {
    ...usual,
    make: [
      ...picture(25, 6, small),
      ...sound(),
      ...h264,
      "-pix_fmt",
      "yuv420p10le",
      ..."-color_trc arib-std-b67 -color_primaries bt2020 -colorspace bt2020nc".split(" "),
    ],
    fps: 25,
    isToneMapped: true,
  },
  "4:4:4": { ...usual, make: [...picture(25, 6, small), ...sound(), ...h264, "-pix_fmt", "yuv444p"], fps: 25 },
  "sound of six channels that is late": {
    ...usual,
    make: [...picture(25, 6, small), ...sound(4, 6, 1.25), ...h264],
    fps: 25,
    beeps: every(4, 1_250),
  },
  "AAC that is late": {
    ...usual,
    make: [...picture(25, 6, small), ...sound(4, 2, 1.25), ...h264],
    fps: 25,
    beeps: every(4, 1_250),
  },
  "sound with a hole": {
    ...usual,
    file: "film.mkv",
    make: [
      ...picture(25, 6, small),
      ...sound(),
      ...h264,
      "-af",
      "aselect='not(between(t,1.5,3.5))'",
      "-c:a",
      "libopus",
    ],
    fps: 25,
    beeps: [0, 1_000, 4_000, 5_000],
  },
  "AAC with a hole": {
    ...usual,
    make: [...picture(25, 6, small), ...sound(), ...h264, "-af", "aselect='not(between(t,1.5,3.5))'"],
    fps: 25,
    beeps: [0, 1_000, 4_000, 5_000],
  },
  "AAC with a hole beside a picture that is encoded": {
    ...usual,
    make: [
      ...picture(25, 6, small),
      ...sound(),
      ...h264,
      "-pix_fmt",
      "yuv444p",
      "-af",
      "aselect='not(between(t,1.5,3.5))'",
    ],
    fps: 25,
    beeps: [0, 1_000, 4_000, 5_000],
  },
  "a picture longer than its sound": {
    ...usual,
    make: [...picture(25, 6, small), ...sound(3), ...h264],
    fps: 25,
    beeps: every(3),
  },
  "sound longer than its picture": {
    ...usual,
    make: [...picture(25, 3, small), ...sound(6), ...h264],
    seconds: 3,
    soundSeconds: 6,
    fps: 25,
    flashes: every(3),
  },
  "changing pictures a second": {
    ...usual,
    make: [
      ...picture(60, 6, small),
      ...sound(),
      "-vf",
      "select='if(lt(t,2),1,if(lt(t,4),not(mod(n,4)),not(mod(n,2))))'",
      "-fps_mode",
      "vfr",
      ...h264,
    ],
    fps: 35,
  },
};
