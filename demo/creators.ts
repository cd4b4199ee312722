/** An account of the demo that publishes. */
export interface Creator {
  readonly username: string;
  readonly nickname: string;
  readonly bio: string;
  readonly about: string;
  readonly links: readonly { readonly title: string; readonly url: string }[];
  readonly city: string;
  readonly profession: string;
  /** Skin, hair, clothes and the light behind them. */
  readonly colours: readonly [skin: string, hair: string, clothes: string, from: string, to: string];
  readonly hairstyle: "bun" | "short" | "long" | "curls" | "cap" | "bob";
  readonly hasGlasses?: boolean;
}

export const creators = [
  {
    username: "aurora",
    nickname: "Aurora Lindqvist",
    bio: "Night skies, long exposures, cold fingers.",
    about:
      "I chase clear nights north of the tree line and bring back what I saw.\n\nCamera on a tripod, thermos within reach. Ask me about mittens.",
    links: [{ title: "Star charts", url: "https://example.org/aurora" }],
    city: "Abisko",
    profession: "Night photographer",
    colours: ["#f0c8a4", "#e8c06a", "#2a6f97", "#123a5c", "#3ad6b0"],
    hairstyle: "long",
  },
  {
    username: "basalt",
    nickname: "Basalt & Clay",
    bio: "One wheel, two hands, a lot of mud.",
    about:
      "A small studio by the harbour. Everything in these films was made, broken or drunk from here.\n\nOpen on Saturdays.",
    links: [{ title: "The studio", url: "https://example.org/basalt" }],
    city: "Porto",
    profession: "Potter",
    colours: ["#c98f66", "#2a1a1f", "#c8553d", "#8a4529", "#f0b088"],
    hairstyle: "bun",
    hasGlasses: true,
  },
  {
    username: "cirrus",
    nickname: "Cirrus",
    bio: "Looking up since 1994. Balloons, kites, satellites.",
    about:
      "If it flies slowly enough to be looked at, I am there. I write down the wind before I write down anything else.",
    links: [{ title: "Flight log", url: "https://example.org/cirrus" }],
    city: "Göreme",
    profession: "Balloon pilot",
    colours: ["#dba67f", "#3b2018", "#2f5f8a", "#f0a3a0", "#ffe0a0"],
    hairstyle: "cap",
  },
  {
    username: "xiaoman",
    nickname: "小满的厨房",
    bio: "一碗热汤，胜过千言万语。Noodles, mostly.",
    about: "在巷口开了一家小面馆。每天清晨五点和面，晚上收工后拍视频。\n\n想吃什么，评论里告诉我。",
    links: [{ title: "菜单", url: "https://example.org/xiaoman" }],
    city: "成都",
    profession: "面馆老板",
    colours: ["#f0c8a4", "#17121a", "#b23340", "#5a1c2a", "#ffb45c"],
    hairstyle: "bob",
  },
  {
    username: "wren",
    nickname: "Wren Okafor",
    bio: "Slow cities: trams, puddles, windows at dusk.",
    about: "I draw the places I wait in: stations, stops, doorways in the rain. No hurry, no voice-over.",
    links: [
      { title: "Sketchbook", url: "https://example.org/wren" },
      { title: "Prints", url: "https://example.org/wren/prints" },
    ],
    city: "Lagos",
    profession: "Illustrator",
    colours: ["#8d5a3b", "#120d12", "#8e5a88", "#3a2a78", "#f0608a"],
    hairstyle: "curls",
  },
  {
    username: "tidepool",
    nickname: "Tidepool",
    bio: "Reefs, waves and everything that lives between them.",
    about: "Marine biologist by day, drawing fish by night. Be kind to corals.",
    links: [{ title: "Reef watch", url: "https://example.org/tidepool" }],
    city: "Cairns",
    profession: "Marine biologist",
    colours: ["#e8b894", "#7a3a20", "#2f9e8a", "#0b466e", "#7be0dc"],
    hairstyle: "long",
    hasGlasses: true,
  },
  {
    username: "milo",
    nickname: "Milo on wheels",
    bio: "Two wheels or four small ones. 🚲🛹",
    about: "Commuter, tourer, terrible skater. I film the part of the way where nothing happens.",
    links: [],
    city: "Utrecht",
    profession: "Bicycle courier",
    colours: ["#e8b894", "#5a3424", "#e8453c", "#2a6f97", "#ffd23f"],
    hairstyle: "short",
  },
  {
    username: "linyue",
    nickname: "林月 Lin Yue",
    bio: "琴声、茶香、旧书。Music and quiet rooms.",
    about: "小提琴手。排练之外的时间，都给了茶和书。\n\nI play second violin and collect rooms with good light.",
    links: [{ title: "演出日程", url: "https://example.org/linyue" }],
    city: "杭州",
    profession: "Violinist",
    colours: ["#f0c8a4", "#231a2c", "#5c1d2f", "#331327", "#e0703f"],
    hairstyle: "bun",
  },
] as const satisfies readonly Creator[];

export type CreatorName = (typeof creators)[number]["username"];

/** Accounts of the demo that watch, like and comment. */
export const viewers = [
  ["juniper", "Juniper"],
  ["oskar", "Oskar"],
  ["meimei", "美美"],
  ["tomas", "Tomás"],
  ["haruka", "Haruka"],
  ["ines", "Inês"],
  ["dawei", "大伟"],
  ["farah", "Farah"],
  ["lotte", "Lotte"],
  ["kofi", "Kofi"],
  ["anouk", "Anouk"],
  ["qingqing", "青青"],
  ["petra", "Petra"],
  ["sami", "Sami"],
  ["yuki", "Yuki"],
  ["bela", "Béla"],
  ["noor_a", "Noor"],
  ["ruben", "Ruben"],
  ["xiaoyu", "小雨"],
  ["elif", "Elif"],
] as const;
export type DemoName = CreatorName | (typeof viewers)[number][0];
