import assert from "node:assert/strict";
import { test } from "node:test";
import { changeRules } from "./change-rules.ts";
import { masterRules } from "./master-rules.ts";
import { breachesOf, liveRules } from "./media-rules.ts";
import { readPlaylist } from "./read.ts";

type Breach = readonly [rule: string, from: string | RegExp, to: string];

/** Each changes a playlist that keeps all rules so that it breaks one. */
const mediaBreaches: readonly Breach[] = [
  ["§4.1", "#EXTM3U", "\uFEFF#EXTM3U"],
  ["§4.4.1.1", "#EXTM3U\n", ""],
  ["§4.4.1.2", "VERSION:9", "VERSION:5"],
  ["§4.4 tags", "#EXT-X-MEDIA-SEQUENCE:7", "#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-MEDIA-SEQUENCE:7"],
  ["§4.2", "DURATION=0.50000,URI", "DURATION=0.50000,DURATION=0.50000,URI"],
  ["§4.4.3.1 EXT", "#EXTINF:4.00000", "#EXTINF:4.50000"],
  ["§4.4.4.1", "#EXTINF:4.00000", "#EXTINF:0.00000"],
  ["§4.4.3.2", /(#EXT-X-DISCONTINUITY-SEQUENCE:2\n)([^]*)$/, "$2$1"],
  ["§4.4.4.5", /#EXT-X-MAP.*\n/, ""],
  [
    "§4.4.4.2",
    "7.m4s",
    "same\n#EXTINF:4.00000,\n#EXT-X-BYTERANGE:9@0\na.m4s\n#EXTINF:4.00000,\n#EXT-X-BYTERANGE:9@8\na.m4s",
  ],
  ["§4.4.4.6", "08:00:04.000Z", "07:00:04.000Z"],
  ["§4.4.3.4", /$/, "#EXT-X-ENDLIST\n"],
  ["§4.4.2.1", ",INDEPENDENT=YES", ""],
  ["§4.4.3.7 parts", /#EXT-X-PART-INF.*\n/, ""],
  ["§4.4.4.9 no part", "DURATION=0.50000", "DURATION=0.52000"],
  ["§4.4.4.9 parts but", "DURATION=0.50000", "DURATION=0.40000"],
  ["§4.4.4.9 the parts", "#EXTINF:1.00000", "#EXTINF:1.20000"],
  ["§4.4.3.8", "HOLD-BACK=12.0", "HOLD-BACK=11.0"],
  ["§4.4.5.1", "#EXT-X-MEDIA-SEQUENCE", "#EXT-X-SKIP:SKIPPED-SEGMENTS=3\n#EXT-X-MEDIA-SEQUENCE"],
  ["§4.4.5.3", 'URI="9.1"', 'URI="9.0"'],
  ["§4.4.5.4", "LAST-MSN=9", "LAST-MSN=x"],
];

const changes: readonly Breach[] = [
  ["§4.4.3.1 the target", "TARGETDURATION:4", "TARGETDURATION:5"],
  ["§4.4.3.7 the Part", "PART-TARGET=0.5", "PART-TARGET=0.6"],
  ["§4.4.1.2", "VERSION:9", "VERSION:10"],
  ["§6.2.2 media sequence", "MEDIA-SEQUENCE:7", "MEDIA-SEQUENCE:6"],
  ["§6.2.2 three target", /#EXT-X-MEDIA-SEQUENCE:7([^]*)#EXTINF:4.00000,\n7.m4s\n/, "#EXT-X-MEDIA-SEQUENCE:8$1"],
  ["§6.2.2 segments are", /#EXT-X-PART:DURATION=0.50000,URI="9.0"[^]*?\n/, ""],
  ["§6.2.2 a segment keeps", "DISCONTINUITY-SEQUENCE:2", "DISCONTINUITY-SEQUENCE:3"],
  ["§6.2.1", "7.m4s", "#EXT-X-GAP\n7.m4s"],
  ["§6.2.2 parts", 'URI="8.1"', 'URI="8.x"'],
  ["§4.4.5.3", "#EXT-X-PRELOAD-HINT", '#EXT-X-PART:DURATION=0.50000,URI="9.z"\n#EXT-X-PRELOAD-HINT'],
  ["§4.4.3.4", /$/, "#EXT-X-ENDLIST\n"],
];

const masterBreaches: readonly Breach[] = [
  ["§4.1", "#EXTM3U", "\uFEFF#EXTM3U"],
  ["§4.4.1.1", "#EXTM3U\n", ""],
  ["§4.4.1.2", "#EXT-X-VERSION:9", '#EXT-X-MAP:URI="a"'],
  ["§4.4 tags", "#EXT-X-VERSION:9", "#EXT-X-VERSION:9\n#EXT-X-VERSION:9"],
  ["§4.2", "BANDWIDTH=900", "BANDWIDTH=900,BANDWIDTH=900"],
  ["§4.4.6.2 a variant has a", "BANDWIDTH=900,", "BANDWIDTH=0,"],
  ["§4.4.6.2 no set", "BANDWIDTH=900", "BANDWIDTH=801"],
  ["§4.4.6.2 FRAME", "FRAME-RATE=30", "FRAME-RATE=1"],
  ["§4.4.6.2 a variant has codecs", "RESOLUTION=320x180,", ""],
  ["§4.4.6.2.1", 'GROUP-ID="s"', 'GROUP-ID="t"'],
  ["§4.4.6.1.1", /(#EXT-X-MEDIA.*\n)/, "$1$1"],
];

test("a playlist that keeps all rules breaks each by a change of its own", () => {
  assert.deepEqual(breachesOf(liveRules, readPlaylist(media)), []);
  eachIsBroken(liveRules, mediaBreaches, media, (text) => breachesOf(liveRules, readPlaylist(text)));
});

test("a change of a playlist breaks each rule of changes, and none changes nothing", () => {
  const before = readPlaylist(media);
  const check = (text: string): string[] => breachesOf(changeRules, { before, after: readPlaylist(text) });
  assert.deepEqual(check(media), []);
  eachIsBroken(
    changeRules.filter(({ name }) => !/^§4.4.2.1|nothing follows/.test(name)),
    changes.slice(0, -1),
    media,
    check,
  );
  const without = readPlaylist(media.replace("#EXT-X-INDEPENDENT-SEGMENTS\n", ""));
  assert.match(breachesOf(changeRules, { before: without, after: before })[0] ?? "", /^§4.4.2.1/);
  const ended = readPlaylist(`${media}#EXT-X-ENDLIST\n`);
  assert.ok(breachesOf(changeRules, { before: ended, after: before }).some((breach) => /nothing follows/.test(breach)));
});

test("a list of renditions that keeps all rules breaks each by a change of its own", () => {
  const measured = new Map([["v", { peakBps: 880, framesPerSecond: 30 }]]);
  const check = (text: string): string[] => breachesOf(masterRules, { list: readPlaylist(text), measured });
  assert.deepEqual(check(master), []);
  eachIsBroken(masterRules, masterBreaches, master, check);
});

function eachIsBroken(
  rules: readonly { readonly name: string }[],
  breaches: readonly Breach[],
  text: string,
  check: (text: string) => readonly string[],
): void {
  const broken = new Set<string>();
  for (const [rule, from, to] of breaches) {
    const changed = text.replace(from, to);
    assert.notEqual(changed, text, rule);
    const breach = check(changed).find((one) => one.startsWith(rule));
    assert.ok(breach, `${rule}: ${check(changed).join(" | ")}`);
    broken.add(rules.find(({ name }) => breach.startsWith(`${name}:`))?.name ?? "");
  }
  assert.deepEqual(
    rules.map(({ name }) => name).filter((name) => !broken.has(name)),
    [],
  );
}

const media = `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:4
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=24.0,PART-HOLD-BACK=1.5,HOLD-BACK=12.0
#EXT-X-PART-INF:PART-TARGET=0.5
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-DISCONTINUITY-SEQUENCE:2
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MAP:URI="init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:00.000Z
#EXTINF:4.00000,
7.m4s
#EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:04.000Z
#EXT-X-PART:DURATION=0.50000,URI="8.0",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.50000,URI="8.1"
#EXTINF:1.00000,
8.m4s
#EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:05.000Z
#EXT-X-PART:DURATION=0.50000,URI="9.0",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="9.1"
#EXT-X-RENDITION-REPORT:URI="audio.m3u8",LAST-MSN=9,LAST-PART=0
`;

const master = `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="s",NAME="Sound",URI="a"
#EXT-X-STREAM-INF:BANDWIDTH=900,AVERAGE-BANDWIDTH=800,CODECS="avc1.42c00d,mp4a.40.2",RESOLUTION=320x180,FRAME-RATE=30,AUDIO="s"
v
`;
