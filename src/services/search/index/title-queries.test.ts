import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SearchIndex } from "./search-index.ts";

/*
 * Queries as people type them, each with the title that is meant: it is among the first three. The titles without queries
 * are there to be mistaken for others.
 */
const joined = `
  Red Bull racing highlights | redbull | red-bull | redbull racing
  Spider-Man: No Way Home | spiderman | spider man | spiderman no way home
  node.js streams explained | nodejs | node js streams | nodejs streams
  The 4-Hour Workweek in ten minutes | 4hour | 4hour workweek | four hour work week
  AC/DC live in Paris | acdc | ac dc | acdc live
  A weekend in Ha Noi | hanoi | ha noi | hanoi weekend
  1 000 origami cranes | 1000 | 1000 origami | 1000 cranes
  Middle-High school band | middlehigh | middle high | middlehigh band
  YouTube studio tour | you tube | youtube | you tube studio
  How to build a treehouse | tree house | treehouse | build tree house
  Wi-Fi for the whole garden | wifi | wi fi | wifi garden
  E-mail in 1995 | email | e mail | email 1995
  Rock 'n' roll in the kitchen | rock n roll | rocknroll | rock roll kitchen
  Playstation repair, part one | play station | playstation repair | play station repair
  Snow board basics for adults | snowboard | snow board | snowboards | snowboard basics
  Jiu-jitsu for beginners | jiujitsu | jiu jitsu | jiujitsu beginners
  Notebook or note book? | notebook | note book
  Sunflower time-lapse | timelapse | sunflower timelapse | time lapse | sun flower
  X-ray of a violin | x-ray violin | xray | x ray | xray violin
  Coca-Cola commercials of 1979 | cocacola | coca cola | cocacola commercials
  Make-up for the stage | makeup | make up stage
  A drive-in cinema at night | drivein | drive in cinema`;
const letters = `
  Learn C++ in one hour | c | c++ | learn c
  C# for old hands | c# | c# old
  Vitamin C and you | vitamin c
  Plan B | plan b | b
  The letter R in statistics | r statistics | r`;
const misspelled = `
  Minecraft castle in survival mode | minecarft | minecraft castel | mincraft
  Restaurant kitchen at full speed | restaraunt | restuarant kitchen
  Photography with one lens | photograpy | fotography
  A marathon through Kathmandu | maraton | kathmandoo | marathon katmandu
  Beautiful handwriting for left-handers | beautifull handwriting | hand writing
  Architecture of railway stations | architcture | arcitecture stations
  Calligraphy in twelve strokes | caligraphy | calligrafy strokes
  Accommodation on a lighthouse | accomodation | light house
  Mediterranean swimming | mediteranean | mediterranian swiming`;
const unfinished = `
  Kaleidoscope made of bottles | kalei | kaleidos | kaleidoscope bot
  Underwater hockey finals | underw | underwater hoc
  Philharmonic rehearsal, uncut | philh | philharmonic reh
  Glassblowing on a Sunday | glassb | glass blow
  Volcano at five kilometres | volca | volcano five k`;
const inflected = `
  Running with three dogs | run dog | dogs running | ran with dogs three
  Painted doors of the old town | paint door | painting doors
  Bakeries that open at four | bakery | bakeries open
  Knitted jumpers for penguins | knit jumper | knitting penguin
  Singing bowls, slowly | sing bowl | singing bowl`;
const marked = `
  Crème brûlée without a torch | creme brulee | crème | creme brulee torch
  Ångström, the unit nobody uses | angstrom | ångström unit
  Über den Wolken | uber den wolken | über wolken
  São Paulo from a bicycle | sao paulo | sao paulo bicycle
  Łódź tram ride | lodz | lodz tram`;
const chinese = `
  恐龙世界动画片 | 恐龙 | 恐龙动画 | 恐龙世界
  深夜的一碗面 | 深夜 | 一碗面 | 深夜 面
  红牛 车队 纪录片 | 红牛车队 | 红牛 | 车队纪录片
  iPhone 手机壳制作 | iphone手机壳 | 手机壳 | iphone 手机
  新しいコンピュータを組む | コンピュータ | 新しいコンピュータ
  서울 야시장 산책 | 야시장 | 서울 산책
  长安十二时辰解说 | 十二时辰 | 长安十二时 | 长安 解说
  猫 和 狗 的一天 | 猫和狗 | 猫狗 | 猫 狗`;
const others = `
  The keeper's last night
  Night market, just after rain
  A bull in the field
  Racing pigeons
  Man with a red umbrella
  Home from the sea
  Streams in the forest
  Work and rest
  Paris in the rain
  Origami for children
  School kitchen
  Garden of stones
  Violin maker
  Stage fright
  Cinema organ
  Castle of cards
  Railway model
  World of ants
  猫的日常
  牛奶工厂
  手工陶艺`;

const classes = { joined, letters, misspelled, unfinished, inflected, marked, chinese };
type Class = keyof typeof classes;

interface Case {
  readonly of: Class;
  readonly query: string;
  readonly title: string;
}
const rowsOf = (text: string): string[][] =>
  text
    .trim()
    .split("\n")
    .map((line) => line.split(" | ").map((part) => part.trim()));
const cases: readonly Case[] = (Object.entries(classes) as [Class, string][]).flatMap(([of, text]) =>
  rowsOf(text).flatMap(([title = "", ...queries]) => queries.map((query) => ({ of, query, title }))),
);
const titles = [...Object.values(classes), others].flatMap((text) => rowsOf(text).map(([title = ""]) => title));

const indexOf = (all: readonly { readonly title: string; readonly description?: string }[]): SearchIndex => {
  const index = new SearchIndex();
  for (const [n, fields] of all.entries()) index.put({ id: n + 1, kind: 1, version: 1, fields });
  index.refresh();
  return index;
};
const found = (index: SearchIndex, text: string, limit: number): number[] =>
  index.search({ text, kinds: [1], limit }).hits.map(({ id }) => id - 1);

/** The least part of the queries of a class that find their title. */
const floors: Readonly<Record<Class, number>> = {
  joined: 0.95,
  letters: 1,
  misspelled: 0.9,
  unfinished: 1,
  inflected: 0.9,
  marked: 1,
  chinese: 1,
};

describe("queries for a title", () => {
  const index = indexOf(titles.map((title) => ({ title })));

  it("are 150 at least", () => assert.ok(cases.length >= 150, `${cases.length}`));

  for (const [of, floor] of Object.entries(floors) as [Class, number][])
    it(`have it among the first three: ${of} words, ${floor * 100} % at least`, () => {
      const own = cases.filter((one) => one.of === of);
      const missed = own.filter(({ query, title }) => !found(index, query, 3).some((place) => titles[place] === title));
      const part = 1 - missed.length / own.length;
      assert.ok(part >= floor, `${part}: ${missed.map(({ query, title }) => `${query} for ${title}`).join("; ")}`);
    });
});

describe("words as they are written", () => {
  /** Each with titles of near words, and one description with the word itself. */
  const families = [
    ["light", ["The keeper's last night", "Tight shoes", "Slight return"], "First light over the ridge"],
    ["form", ["Storm over the farm", "From here to there", "Farm days"], "The form of a vase"],
    ["trail", ["Trial by water", "Train of thought", "Trailer park"], "The trail to the hut"],
    ["quite", ["Quiet hours", "Quilt making", "Suite for flute"], "It is quite simple"],
    ["angel", ["Angle grinder", "Angle iron", "Angles of a roof"], "An angel on the roof"],
    ["causal", ["Casual shoes", "Casual dress", "Casually late"], "A causal chain"],
    ["desert", ["Dessert for six", "Desserts of Vienna", "Dessert wine"], "A desert in bloom"],
    ["martial", ["Marital advice", "Partial eclipse", "Martian soil"], "A martial tune"],
    ["silver", ["Sliver of hope", "Shiver", "Silverware"], "A silver spoon"],
    ["united", ["Untied shoes", "Untied knots", "Untied again"], "United at last"],
  ] as const;

  it("come before near ones, also in a description", () => {
    for (const [query, nearTitles, exact] of families) {
      const all = [...nearTitles.map((title) => ({ title })), { title: "Four minutes", description: exact }];
      const [first] = found(indexOf(all), query, 4);
      assert.equal(first, nearTitles.length, `${query}: ${all[first ?? 0]?.title}`);
    }
  });

  it("come before near ones in a title, and in a title before those in a description", () => {
    for (const [query, nearTitles, exact] of families) {
      const all = [
        ...nearTitles.map((title) => ({ title })),
        { title: "Four minutes", description: exact },
        { title: exact },
      ];
      assert.deepEqual(found(indexOf(all), query, 2), [nearTitles.length + 1, nearTitles.length], query);
    }
  });
});
