/** What a demo clip shows: pictures and a chord from FFmpeg's own sources, nothing from anybody else. */
export interface Clip {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly author: 0 | 1 | 2;
  readonly tags: readonly string[];
  readonly categoryId: number;
  readonly arguments: readonly string[];
}

export const authors = [
  { username: "aurora", nickname: "Aurora" },
  { username: "basalt", nickname: "Basalt" },
  { username: "cirrus", nickname: "Cirrus" },
] as const;

const seconds = 6;
const [tall, wide] = ["540x960", "960x540"] as const;
/** A soft chord of three sines; frequencies in hertz. */
const chord = (...hertz: readonly number[]): string =>
  `aevalsrc=${hertz.map((hz) => `0.08*sin(2*PI*${hz}*t)`).join("+")}:s=48000:d=${seconds}`;

/** Of the video service's categories. */
const [knowledge, art] = [11, 16];

const encoding = `-t ${seconds} -r 30 -pix_fmt yuv420p -c:v libx264 -preset veryfast -crf 26 -g 60 -c:a aac -b:a 96k -movflags +faststart`;

const clip = (
  name: string,
  author: Clip["author"],
  title: string,
  description: string,
  tags: readonly string[],
  picture: string,
  sound: string,
): Clip => ({
  name,
  author,
  title,
  description,
  tags,
  categoryId: tags.includes("math") ? knowledge : art,
  arguments: `-hide_banner -nostdin -f lavfi -i ${picture} -f lavfi -i ${sound} ${encoding}`.split(" "),
});

/** Eight clips, most of them tall as a phone holds them. The last one is the newest, so a feed begins with it. */
export const clips: readonly Clip[] = [
  clip(
    "signal",
    1,
    "Test signal",
    "For everybody who misses the end of the programme. #retro",
    ["retro"],
    `testsrc2=s=${wide}:r=30`,
    chord(440),
  ),
  clip(
    "wide-dawn",
    0,
    "Dawn, wide",
    "The same light lying down. #light",
    ["light"],
    `gradients=s=${wide}:r=30:c0=0x22223b:c1=0xc9ada7:c2=0xf2e9e4:c3=0x4a4e69:n=4:speed=0.015`,
    chord(246.9, 311.1, 370),
  ),
  clip(
    "automaton",
    1,
    "Rule 110",
    "A line that remembers. #math",
    ["math"],
    `cellauto=rule=110:s=270x480:r=30:random_fill_ratio=0.5:random_seed=11:scroll=1,scale=${tall.replace("x", ":")}:flags=neighbor,colorchannelmixer=rr=0.9:gg=0.45:bb=0.35`,
    chord(233.1, 293.7, 349.2),
  ),
  clip(
    "life",
    2,
    "Game of life",
    "Four rules and a lucky start. #math #life",
    ["math", "life"],
    `life=s=108x192:r=15:mold=12:ratio=0.34:seed=7:death_color=0x264653:life_color=0xf4a261:mold_color=0x2a9d8f,scale=${tall.replace("x", ":")}:flags=neighbor`,
    chord(261.6, 311.1, 392),
  ),
  clip(
    "waves",
    2,
    "Interference",
    "Two stones, one pond. #light #math",
    ["light", "math"],
    `nullsrc=s=136x240:r=30,geq=r='128+96*sin(hypot(X-45,Y-80)/4.5-T*4)':g='128+72*sin(hypot(X-90,Y-165)/5.5-T*3)':b='150+60*sin((X+Y)/20+T)',scale=${tall.replace("x", ":")}`,
    chord(207.7, 261.6, 311.1),
  ),
  clip(
    "ember",
    0,
    "Ember",
    "A minute of warmth, shortened. #light",
    ["light"],
    `gradients=s=${tall}:r=30:c0=0x2b0f0a:c1=0xe76f51:c2=0xf4a261:c3=0x6a040f:n=4:speed=0.03,vignette`,
    chord(174.6, 220, 261.6),
  ),
  clip(
    "mandelbrot",
    1,
    "Falling into the set",
    "One formula, all the way down. #math",
    ["math"],
    `mandelbrot=s=270x480:r=30:end_scale=0.02,scale=${tall.replace("x", ":")}`,
    chord(196, 246.9, 293.7),
  ),
  clip(
    "aurora",
    0,
    "Aurora over nothing",
    "Slow colours, no place. #light",
    ["light"],
    `gradients=s=${tall}:r=30:c0=0x0b2545:c1=0x13a89e:c2=0x8e44ad:c3=0x1b1b3a:n=4:speed=0.02`,
    chord(220, 277.2, 329.6),
  ),
];
