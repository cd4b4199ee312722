import type { Film } from "./art/film.ts";
import type { Scene } from "./art/scene.ts";
import type { Sound } from "./art/sound.ts";
import * as city from "./art/scenes/city.ts";
import * as indoors from "./art/scenes/indoors.ts";
import * as outdoors from "./art/scenes/outdoors.ts";
import * as travel from "./art/scenes/travel.ts";
import type { CreatorName, DemoName } from "./creators.ts";

export interface DemoComment {
  readonly by: DemoName;
  readonly text: string;
  readonly replies?: readonly (readonly [by: DemoName, text: string])[];
}

/** A clip of the demo, with what its viewers did. */
export interface Clip {
  readonly name: string;
  readonly author: CreatorName;
  readonly title: string;
  readonly description: string;
  /** The number of one of the video service's categories. */
  readonly categoryId: number;
  readonly scene: () => Scene;
  readonly sound: Sound;
  readonly loops: number;
  readonly ageHours: number;
  readonly views: number;
  /** The share of its views in the last two days is the higher, the more it is a hit now: 0 to 1. */
  readonly trend: number;
  readonly comments: readonly DemoComment[];
  /** Seconds and text. */
  readonly danmaku: readonly (readonly [number, string])[];
  readonly captions?: readonly { readonly language: string; readonly lines: readonly string[] }[];
}

export const filmOf = ({ scene, sound, loops }: Clip): Film => ({ scene: scene(), sound, loops });

const warm = [
  [0, 7, 12, 16],
  [-3, 4, 9, 12],
  [-7, 0, 5, 9],
  [-5, 2, 7, 11],
] as const;
const night = [
  [0, 7, 10, 15],
  [-4, 3, 8, 12],
  [-7, 0, 5, 8],
  [-2, 5, 10, 14],
] as const;
const open = [
  [0, 7, 14, 16],
  [2, 9, 12, 17],
  [-3, 4, 7, 12],
  [-5, 2, 9, 11],
] as const;
const pentatonic = [
  [0, 7, 12, 14],
  [-3, 4, 9, 12],
  [2, 9, 14, 16],
  [-5, 2, 7, 9],
] as const;
const swingChords = [
  [0, 4, 10, 14],
  [5, 9, 15, 19],
  [2, 5, 12, 17],
  [-5, -1, 5, 9],
] as const;

/** Two dozen clips; the first ones are made first. */
export const clips: readonly Clip[] = [
  {
    name: "night-market",
    author: "wren",
    title: "The night market, just after rain",
    description:
      "Lanterns up, awnings out, everybody a little hungry. Drawn from the corner by the dumpling stall. #nightmarket #city",
    categoryId: 8,
    scene: city.nightMarket,
    sound: { root: 50, chords: pentatonic, chordSeconds: 3, plucks: 8, noise: "room" },
    loops: 3,
    ageHours: 9,
    views: 640,
    trend: 1,
    comments: [
      {
        by: "meimei",
        text: "灯笼一亮，就想下楼吃夜宵了。",
        replies: [
          ["wren", "Get the scallion pancakes. Always the scallion pancakes."],
          ["xiaoman", "来我家，葱油饼管够 😄"],
        ],
      },
      { by: "tomas", text: "The way the light sits on the wet stones. I could stay here for an hour." },
      {
        by: "juniper",
        text: "Every lantern swings at its own pace. Who animates like this?!",
        replies: [["wren", "Someone with too much coffee."]],
      },
    ],
    danmaku: [
      [2, "好美！"],
      [4, "dumplings →"],
      [7, "想去夜市"],
      [11, "the lanterns 🏮"],
    ],
  },
  {
    name: "balloons",
    author: "cirrus",
    title: "Six balloons and no wind at all",
    description:
      "We took off at 5:40 and drifted for an hour without moving.\n\n0:00 Before sunrise\n0:12 First light\n0:24 Over the valley\n\n#balloons #sunrise",
    categoryId: 8,
    scene: travel.balloons,
    sound: { root: 48, chords: open, chordSeconds: 4, plucks: 6, noise: "wind" },
    loops: 6,
    ageHours: 30,
    views: 910,
    trend: 0.8,
    comments: [
      { by: "ines", text: "0:24 is my new wallpaper.", replies: [["cirrus", "Take it! I can send you the big one."]] },
      {
        by: "kofi",
        text: "How cold is it up there before sunrise?",
        replies: [
          ["cirrus", "Cold feet, warm head: the burner is right above you."],
          ["kofi", "Worth it."],
        ],
      },
      { by: "xiaoyu", text: "看着就觉得风很轻。" },
    ],
    danmaku: [
      [3, "so quiet"],
      [9, "起飞啦"],
      [15, "🎈🎈🎈"],
      [22, "red one is mine"],
      [28, "wow"],
    ],
    captions: [
      {
        language: "en",
        lines: [
          "5:40. The grass is still wet.",
          "The first burner roars, then silence.",
          "No wind at all.",
          "The valley turns pink from the top down.",
        ],
      },
      {
        language: "zh-Hans",
        lines: ["五点四十分，草地还湿着。", "第一声火焰，然后是寂静。", "一点风都没有。", "山谷从上到下染成了粉色。"],
      },
    ],
  },
  {
    name: "noodles",
    author: "xiaoman",
    title: "深夜的一碗面",
    description: "收工之后，给自己下一碗。汤头熬了六个小时，面只煮四十秒。#面条 #深夜食堂",
    categoryId: 7,
    scene: indoors.noodles,
    sound: { root: 52, chords: pentatonic, chordSeconds: 2.5, plucks: 5, noise: "room" },
    loops: 3,
    ageHours: 20,
    views: 780,
    trend: 0.9,
    comments: [
      {
        by: "dawei",
        text: "大半夜的，你这是犯罪。",
        replies: [
          ["xiaoman", "那就再加个蛋 🥚"],
          ["qingqing", "我要两个"],
        ],
      },
      { by: "lotte", text: "I don't understand a word and I am starving." },
      { by: "haruka", text: "The steam! I can smell it from here." },
    ],
    danmaku: [
      [1, "饿了"],
      [3, "这个面条好弹"],
      [6, "加蛋！"],
      [9, "take my money"],
      [12, "流口水"],
    ],
  },
  {
    name: "aurora",
    author: "aurora",
    title: "Green fire over the lake",
    description: "KP 6, minus eighteen degrees, not a sound. We stayed until the thermos was empty. #aurora #nightsky",
    categoryId: 10,
    scene: travel.aurora,
    sound: { root: 45, chords: night, chordSeconds: 4, noise: "wind" },
    loops: 3,
    ageHours: 52,
    views: 860,
    trend: 0.5,
    comments: [
      {
        by: "yuki",
        text: "That little tent makes the whole picture.",
        replies: [["aurora", "It was the warmest place for 40 km."]],
      },
      {
        by: "petra",
        text: "Is the purple visible to the eye, or only to the camera?",
        replies: [["aurora", "On nights like this one, you see it. Faintly, like remembering a colour."]],
      },
      { by: "meimei", text: "一生要去看一次极光。" },
    ],
    danmaku: [
      [4, "✨"],
      [8, "太震撼了"],
      [14, "goosebumps"],
    ],
  },
  {
    name: "cat",
    author: "linyue",
    title: "窗台上的猫 · A cat, a window, October",
    description: "她每天下午都坐在这里，数落叶。She has counted every leaf so far. #猫 #cat",
    categoryId: 10,
    scene: indoors.catOnSill,
    sound: { root: 55, chords: warm, chordSeconds: 3, plucks: 4 },
    loops: 2,
    ageHours: 5,
    views: 530,
    trend: 1,
    comments: [
      { by: "qingqing", text: "尾巴一甩一甩的，太可爱了！", replies: [["linyue", "她知道有人在拍。"]] },
      { by: "sami", text: "10/10 cat. Would watch leaves with." },
      { by: "anouk", text: "What is her name?", replies: [["linyue", "墨墨. It means ink."]] },
    ],
    danmaku: [
      [1, "喵"],
      [3, "🐈‍⬛"],
      [5, "tail!!"],
      [8, "猫猫头"],
    ],
  },
  {
    name: "snow-train",
    author: "wren",
    title: "Last train before the pass closes",
    description: "Window seat, heating on, snow outside. That is the whole film. #train #snow",
    categoryId: 8,
    scene: travel.snowTrain,
    sound: { root: 47, chords: night, chordSeconds: 3, plucks: 6, noise: "wind" },
    loops: 5,
    ageHours: 96,
    views: 720,
    trend: 0.3,
    comments: [
      { by: "oskar", text: "I used to take this line as a child. You got the lamp exactly right." },
      {
        by: "haruka",
        text: "Loop this for ten hours please.",
        replies: [
          ["bela", "Seconded. For studying."],
          ["wren", "It loops! Right-click."],
        ],
      },
    ],
    danmaku: [
      [5, "cosy"],
      [12, "呜呜呜——"],
      [20, "下雪了"],
    ],
  },
  {
    name: "reef",
    author: "tidepool",
    title: "Ten metres down, Tuesday morning",
    description: "A healthy reef is loud and busy. Count the clownfish: how many do you see? #reef #ocean",
    categoryId: 10,
    scene: outdoors.reef,
    sound: { root: 50, chords: open, chordSeconds: 3, plucks: 5, noise: "sea" },
    loops: 3,
    ageHours: 40,
    views: 610,
    trend: 0.6,
    comments: [
      { by: "lotte", text: "Seven! Or eight, one turned around.", replies: [["tidepool", "Eight. He is shy."]] },
      { by: "dawei", text: "颜色太治愈了。" },
    ],
    danmaku: [
      [2, "🐠"],
      [6, "blub"],
      [10, "看到小丑鱼了"],
    ],
  },
  {
    name: "potter",
    author: "basalt",
    title: "Centre, open, raise",
    description:
      "Three movements, ten thousand repeats. The wall should be as thick as a thumb, then half of it. #pottery #handmade",
    categoryId: 16,
    scene: indoors.potter,
    sound: { root: 49, chords: warm, chordSeconds: 3, plucks: 3, noise: "room" },
    loops: 4,
    ageHours: 66,
    views: 490,
    trend: 0.5,
    comments: [
      {
        by: "elif",
        text: "My first one folded over like a sad hat.",
        replies: [["basalt", "So did my first two hundred."]],
      },
      { by: "ruben", text: "Which clay is this?", replies: [["basalt", "Red stoneware with a little grog."]] },
    ],
    danmaku: [
      [3, "so smooth"],
      [9, "解压"],
      [16, "hypnotic"],
    ],
  },
  {
    name: "fireworks",
    author: "linyue",
    title: "湖上的烟花",
    description: "我们坐在码头的尽头，脚下也是烟花。#烟花 #夜景",
    categoryId: 6,
    scene: city.fireworks,
    sound: { root: 46, chords: open, chordSeconds: 3, plucks: 4, noise: "room" },
    loops: 3,
    ageHours: 15,
    views: 700,
    trend: 0.9,
    comments: [
      { by: "xiaoyu", text: "倒影比天上的还好看。", replies: [["linyue", "我也这么觉得。"]] },
      { by: "farah", text: "The two on the jetty 🥹" },
    ],
    danmaku: [
      [1, "哇"],
      [4, "🎆"],
      [8, "许愿"],
      [13, "happy new year?"],
    ],
  },
  {
    name: "jazz",
    author: "linyue",
    title: "Trio at the Blue Curtain, last set",
    description: "Bass, tenor, drums, and forty people who forgot to order. #jazz #live",
    categoryId: 2,
    scene: indoors.jazzTrio,
    sound: { root: 48, chords: swingChords, chordSeconds: 2, plucks: 8, hasDrums: true },
    loops: 8,
    ageHours: 120,
    views: 560,
    trend: 0.3,
    comments: [
      { by: "bela", text: "That drummer is having the best night." },
      {
        by: "kofi",
        text: "Where is this? I need to go.",
        replies: [["linyue", "Tuesdays, down the stairs behind the tea shop."]],
      },
    ],
    danmaku: [
      [4, "🎷"],
      [10, "swing!"],
      [18, "太有味道了"],
      [27, "bravo"],
    ],
  },
  {
    name: "city-dusk",
    author: "wren",
    title: "Every window is somebody's evening",
    description: "Forty minutes of dusk in half of one. Watch the third tower from the left. #city #dusk",
    categoryId: 6,
    scene: city.cityAtDusk,
    sound: { root: 45, chords: night, chordSeconds: 3, plucks: 6, noise: "room" },
    loops: 4,
    ageHours: 190,
    views: 830,
    trend: 0.15,
    comments: [
      {
        by: "anouk",
        text: "Third tower, top floor: someone keeps forgetting the bathroom light.",
        replies: [["wren", "You found them!"]],
      },
      { by: "farah", text: "Makes me homesick for a city I never lived in." },
    ],
    danmaku: [
      [6, "万家灯火"],
      [14, "🌆"],
    ],
  },
  {
    name: "tea",
    author: "linyue",
    title: "一杯茶的时间",
    description: "水温八十五度，等茶叶慢慢沉下去。#茶 #慢生活",
    categoryId: 6,
    scene: indoors.tea,
    sound: { root: 57, chords: pentatonic, chordSeconds: 3, plucks: 6 },
    loops: 2,
    ageHours: 80,
    views: 380,
    trend: 0.4,
    comments: [
      { by: "meimei", text: "听着水声，心就静下来了。" },
      { by: "petra", text: "85 °C it is. I have been burning my green tea for years." },
    ],
    danmaku: [
      [2, "好茶"],
      [6, "静"],
    ],
  },
  {
    name: "lighthouse",
    author: "aurora",
    title: "The keeper's last night",
    description: "Tomorrow the lamp is switched to a timer. Tonight it still turns by hand. #lighthouse #sea",
    categoryId: 1,
    scene: travel.lighthouse,
    sound: { root: 43, chords: night, chordSeconds: 4, noise: "sea" },
    loops: 5,
    ageHours: 260,
    views: 650,
    trend: 0.1,
    comments: [
      { by: "oskar", text: "My grandfather kept one. He said you never get used to the fog horn." },
      { by: "ines", text: "Beautiful, and a little sad." },
    ],
    danmaku: [
      [8, "🌊"],
      [20, "守塔人辛苦了"],
    ],
  },
  {
    name: "skate",
    author: "milo",
    title: "Third day on the big ramp",
    description: "I only fell on the takes you do not see. #skate #sunset",
    categoryId: 9,
    scene: outdoors.skatePark,
    sound: { root: 52, chords: swingChords, chordSeconds: 2, plucks: 8, hasDrums: true },
    loops: 5,
    ageHours: 34,
    views: 450,
    trend: 0.7,
    comments: [
      { by: "ruben", text: "That air on the left side!", replies: [["milo", "My knees disagree."]] },
      { by: "juniper", text: "Sunset doing half of the work, but what a half." },
    ],
    danmaku: [
      [2, "🛹"],
      [7, "帅"],
      [13, "yesss"],
    ],
  },
  {
    name: "rain",
    author: "wren",
    title: "Rain on the window, nothing else",
    description: "Put it on, put the phone down. #rain #calm",
    categoryId: 2,
    scene: city.rainOnWindow,
    sound: { root: 48, chords: warm, chordSeconds: 5, noise: "rain" },
    loops: 6,
    ageHours: 330,
    views: 920,
    trend: 0.15,
    comments: [
      { by: "yuki", text: "This got me through an exam week." },
      { by: "qingqing", text: "下雨天和这个视频最配。", replies: [["wren", "再配一杯热茶 🍵"]] },
    ],
    danmaku: [
      [10, "zzz"],
      [20, "好放松"],
    ],
  },
  {
    name: "satellite",
    author: "cirrus",
    title: "Passing over, 03:12",
    description: "What the bright dot sees while you look up at it. #space #satellite",
    categoryId: 12,
    scene: outdoors.satellite,
    sound: { root: 41, chords: open, chordSeconds: 4, plucks: 3 },
    loops: 4,
    ageHours: 150,
    views: 540,
    trend: 0.3,
    comments: [
      { by: "tomas", text: "I waved.", replies: [["cirrus", "It saw you."]] },
      { by: "dawei", text: "城市的灯光像银河。" },
    ],
    danmaku: [
      [6, "🛰️"],
      [18, "hello up there"],
    ],
  },
  {
    name: "waves",
    author: "tidepool",
    title: "Seven waves",
    description: "They say every seventh is the tall one. I counted. #sea #waves",
    categoryId: 10,
    scene: travel.waves,
    sound: { root: 50, chords: pentatonic, chordSeconds: 4, plucks: 4, noise: "sea" },
    loops: 4,
    ageHours: 210,
    views: 400,
    trend: 0.2,
    comments: [{ by: "haruka", text: "It looks like a woodcut. I love it." }],
    danmaku: [
      [5, "⛵"],
      [13, "浪来了"],
    ],
  },
  {
    name: "cyclist",
    author: "milo",
    title: "The good part of the commute",
    description: "Between the last house and the first traffic light there are eleven minutes of this. #cycling",
    categoryId: 9,
    scene: travel.cyclist,
    sound: { root: 55, chords: open, chordSeconds: 2, plucks: 6, hasDrums: true },
    loops: 4,
    ageHours: 75,
    views: 420,
    trend: 0.4,
    comments: [
      { by: "lotte", text: "Tailwind both ways, I assume?", replies: [["milo", "Never once."]] },
      { by: "elif", text: "This is why I moved out of the city." },
    ],
    danmaku: [
      [4, "🚲"],
      [11, "春天的味道"],
    ],
  },
  {
    name: "library",
    author: "linyue",
    title: "One more chapter",
    description: "The reading room closes at nine. The dog has already gone to bed. #books",
    categoryId: 11,
    scene: indoors.library,
    sound: { root: 53, chords: warm, chordSeconds: 3, plucks: 3, noise: "room" },
    loops: 3,
    ageHours: 140,
    views: 350,
    trend: 0.3,
    comments: [
      { by: "anouk", text: "The dog breathes!!", replies: [["sami", "I watched it twice just for the dog."]] },
      { by: "xiaoyu", text: "想拥有这样一面书墙。" },
    ],
    danmaku: [
      [5, "📚"],
      [12, "再看一章就睡"],
    ],
  },
  {
    name: "paper-boat",
    author: "aurora",
    title: "A boat made of yesterday's letter",
    description: "Folded, forgiven, sent off. #rain #paper",
    categoryId: 1,
    scene: outdoors.paperBoat,
    sound: { root: 50, chords: night, chordSeconds: 5, plucks: 4, noise: "rain" },
    loops: 3,
    ageHours: 290,
    views: 470,
    trend: 0.1,
    comments: [
      { by: "farah", text: "What did the letter say?", replies: [["aurora", "That is between me and the gutter."]] },
    ],
    danmaku: [
      [4, "小船慢慢走"],
      [10, "bon voyage"],
    ],
  },
  {
    name: "garden",
    author: "basalt",
    title: "Three days in the garden",
    description: "They open, they close, they open. I water them in between. #garden #timelapse",
    categoryId: 10,
    scene: outdoors.garden,
    sound: { root: 55, chords: open, chordSeconds: 3, plucks: 6 },
    loops: 3,
    ageHours: 170,
    views: 330,
    trend: 0.3,
    comments: [
      { by: "petra", text: "The fireflies at night!" },
      {
        by: "ines",
        text: "What are the purple ones?",
        replies: [["basalt", "A mistake from the seed shop. A lovely one."]],
      },
    ],
    danmaku: [
      [3, "🌼"],
      [9, "晚安花花"],
    ],
  },
  {
    name: "violin",
    author: "linyue",
    title: "Slow movement, by heart",
    description: "练了一个冬天的慢板。A whole winter of one slow movement. #violin #小提琴",
    categoryId: 2,
    scene: indoors.violin,
    sound: { root: 55, chords: night, chordSeconds: 3, plucks: 2 },
    loops: 4,
    ageHours: 230,
    views: 520,
    trend: 0.2,
    comments: [
      { by: "bela", text: "I could listen to that low string all day." },
      { by: "xiaoman", text: "店里放着你的琴声，客人都安静了。", replies: [["linyue", "下次给我留一碗。"]] },
    ],
    danmaku: [
      [6, "🎻"],
      [14, "好听"],
    ],
  },
  {
    name: "desert",
    author: "cirrus",
    title: "Four camels, one shade",
    description: "We walked until the sun was as large as the dune. #desert #travel",
    categoryId: 8,
    scene: travel.desert,
    sound: { root: 45, chords: night, chordSeconds: 3, plucks: 5, noise: "wind" },
    loops: 4,
    ageHours: 400,
    views: 440,
    trend: 0.05,
    comments: [{ by: "noor_a", text: "The third one is clearly in charge." }],
    danmaku: [
      [7, "🐪🐪🐪🐪"],
      [15, "好大的太阳"],
    ],
  },
  {
    name: "metro",
    author: "milo",
    title: "Platform 2, 8:04",
    description: "Stand behind the yellow line. #metro #city",
    categoryId: 15,
    scene: city.metro,
    sound: { root: 48, chords: swingChords, chordSeconds: 2, plucks: 4, noise: "room" },
    loops: 3,
    ageHours: 110,
    views: 300,
    trend: 0.3,
    comments: [
      { by: "ruben", text: "Missed it again." },
      { by: "qingqing", text: "早高峰没这么空过 😂" },
    ],
    danmaku: [
      [8, "🚇"],
      [16, "挤上去！"],
    ],
  },
];

/** Playlists of creators, by the names of clips. */
export const playlists: readonly {
  readonly by: CreatorName;
  readonly title: string;
  readonly description: string;
  readonly clips: readonly string[];
}[] = [
  {
    by: "wren",
    title: "Slow evenings",
    description: "For the hour between work and supper.",
    clips: ["city-dusk", "rain", "night-market", "snow-train"],
  },
  {
    by: "linyue",
    title: "安静的房间",
    description: "Rooms with good light and little noise.",
    clips: ["tea", "library", "cat", "violin"],
  },
  { by: "cirrus", title: "Seen from above", description: "", clips: ["balloons", "satellite", "aurora"] },
];

/** Messages of creators to the administrator, whose replies are the administrator's own. */
export const messages: readonly { readonly by: CreatorName; readonly lines: readonly string[] }[] = [
  {
    by: "wren",
    lines: [
      "Hi! Thank you for setting this place up.",
      "I have moved my whole sketchbook here. The night market is the first one; say if the sound is too quiet.",
    ],
  },
  { by: "xiaoman", lines: ["你好！想问一下可以办一个“深夜食堂”合集活动吗？🍜"] },
  { by: "cirrus", lines: ["Weather looks good for Saturday. Would you like to see the valley from the basket?"] },
];
