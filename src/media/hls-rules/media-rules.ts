import { attributePairs, type ReadPlaylist, type ReadSegment, readAttributes } from "./read.ts";

/** A rule of draft-pantos-hls-rfc8216bis, by its section. */
export interface Rule<Subject> {
  readonly name: string;
  /** The breaches of the rule, a sentence each. */
  readonly check: (subject: Subject) => readonly string[];
}

/** Durations are written with five digits. */
const roundingS = 1e-4;
const headers = [
  "EXTM3U",
  "EXT-X-VERSION",
  "EXT-X-TARGETDURATION",
  "EXT-X-MEDIA-SEQUENCE",
  "EXT-X-DISCONTINUITY-SEQUENCE",
  "EXT-X-PLAYLIST-TYPE",
  "EXT-X-I-FRAMES-ONLY",
  "EXT-X-INDEPENDENT-SEGMENTS",
  "EXT-X-PART-INF",
  "EXT-X-SERVER-CONTROL",
  "EXT-X-ENDLIST",
  "EXT-X-SKIP",
];
const listTags = ["EXT-X-MAP", "EXT-X-PART", "EXT-X-PART-INF", "EXT-X-SERVER-CONTROL", "EXT-X-SKIP"];
const attributeTags = [...listTags, "EXT-X-PRELOAD-HINT", "EXT-X-RENDITION-REPORT", "EXT-X-STREAM-INF", "EXT-X-MEDIA"];
/** §8: the version that a tag needs. */
const versions: Readonly<Record<string, number>> = { "EXT-X-BYTERANGE": 4, "EXT-X-MAP": 6, "EXT-X-SKIP": 9 };

const targetOf = (list: ReadPlaylist): number => Number(list.value("EXT-X-TARGETDURATION") ?? Number.NaN);
const partTargetOf = (list: ReadPlaylist): number =>
  Number(readAttributes(list.value("EXT-X-PART-INF") ?? "").get("PART-TARGET") ?? Number.NaN);
const closedOf = (list: ReadPlaylist): readonly ReadSegment[] => list.segments.filter(({ uri }) => uri !== undefined);
/** How long the film of some segments is. */
export const secondsOf = (segments: readonly ReadSegment[]): number =>
  segments.reduce((sum, { uri, durationS, parts }) => {
    return sum + (uri === undefined ? parts.reduce((total, part) => total + part.durationS, 0) : durationS);
  }, 0);
const failing = <Item>(
  items: readonly Item[],
  isBad: (item: Item, n: number) => boolean,
  say: (item: Item) => string,
) => items.filter(isBad).map(say);
const when = (isBad: boolean, sentence: string): readonly string[] => (isBad ? [sentence] : []);

/** Rules of every playlist. */
export const playlistRules: readonly Rule<ReadPlaylist>[] = [
  {
    name: "§4.1 a playlist has no byte order mark and no control characters",
    // oxlint-disable-next-line no-control-regex -- control characters are what it is about
    check: ({ text }) => when(/^\uFEFF|[\u0000-\u0009\u000B\u000C\u000E-\u001F\u007F-\u009F]/.test(text), "it has one"),
  },
  {
    name: "§4.4.1.1 EXTM3U is the first line",
    check: ({ text }) => when(!text.startsWith("#EXTM3U\n"), text.slice(0, 20)),
  },
  {
    name: "§4.4.1.2 EXT-X-VERSION is as high as the tags need",
    check: (list) =>
      Object.entries(versions)
        .filter(
          ([name, version]) => list.value(name) !== undefined && !(Number(list.value("EXT-X-VERSION") ?? 1) >= version),
        )
        .map(([name]) => name),
  },
  {
    name: "§4.4 tags of the whole playlist stand once",
    check: ({ tags }) =>
      failing(
        headers,
        (name) => tags.filter((tag) => tag.name === name).length > 1,
        (name) => name,
      ),
  },
  {
    name: "§4.2 an attribute stands once in its list, which is well formed",
    check: ({ tags }) =>
      failing(
        tags.filter(({ name }) => attributeTags.includes(name)),
        ({ value }) => {
          const pairs = attributePairs(value);
          const isWhole = pairs.reduce((sum, [name]) => sum + name.length, 0) > 0 && /^[A-Z0-9-]+=/.test(value);
          return !isWhole || new Set(pairs.map(([name]) => name)).size !== pairs.length;
        },
        ({ name, value }) => `${name}:${value}`,
      ),
  },
];

/** Rules of every media playlist, of a film or of a stream. */
export const mediaRules: readonly Rule<ReadPlaylist>[] = [
  ...playlistRules,
  {
    name: "§4.4.3.1 EXT-X-TARGETDURATION is there, and no segment is longer when rounded",
    check: (list) => [
      ...when(!/^\d+$/.test(list.value("EXT-X-TARGETDURATION") ?? ""), "there is none"),
      ...failing(
        closedOf(list),
        ({ durationS }) => Math.round(durationS) > targetOf(list),
        ({ msn, durationS }) => `segment ${msn} lasts ${durationS} s`,
      ),
    ],
  },
  {
    name: "§4.4.4.1 each segment has an EXTINF of more than nothing",
    check: (list) =>
      failing(
        closedOf(list),
        ({ durationS }) => !(durationS > 0),
        ({ msn, durationS }) => `segment ${msn}: ${durationS}`,
      ),
  },
  {
    name: "§4.4.3.2–3 numbers of the list stand before the first segment",
    check: ({ tags }) => {
      const first = tags.find(({ name }) => ["EXTINF", "EXT-X-PART", "EXT-X-DISCONTINUITY"].includes(name))?.line;
      return failing(
        tags.filter(({ name }) => name.endsWith("-SEQUENCE")),
        ({ line }) => first !== undefined && line > first,
        ({ name }) => name,
      );
    },
  },
  {
    name: "§4.4.4.5 each segment of fragmented MP4 has an EXT-X-MAP with an address",
    check: ({ segments }) =>
      failing(
        segments,
        ({ map }) => map === undefined || map === "",
        ({ msn }) => `segment ${msn}`,
      ),
  },
  {
    name: "§4.4.4.2 byte ranges of one address do not overlap",
    check: ({ segments }) =>
      failing(
        segments,
        ({ range, uri }, n) => {
          const before = segments[n - 1];
          if (range?.offset === undefined || before?.range?.offset === undefined || before.uri !== uri) return false;
          return range.offset < before.range.offset + before.range.size;
        },
        ({ msn }) => `segment ${msn}`,
      ),
  },
  {
    name: "§4.4.4.6 dates are valid and grow",
    check: ({ segments }) => {
      const dated = segments.filter(({ dateMs }) => dateMs !== undefined);
      return failing(
        dated,
        ({ dateMs = Number.NaN }, n) => !(dateMs > (dated[n - 1]?.dateMs ?? Number.NEGATIVE_INFINITY)),
        ({ msn }) => `segment ${msn}`,
      );
    },
  },
  {
    name: "§4.4.3.4–5 a film ends, and nothing is announced behind an end",
    check: (list) => {
      const isEnded = list.value("EXT-X-ENDLIST") !== undefined;
      return [
        ...when(list.value("EXT-X-PLAYLIST-TYPE") === "VOD" && !isEnded, "a film without an end"),
        ...when(isEnded && list.value("EXT-X-PRELOAD-HINT") !== undefined, "a hint behind the end"),
      ];
    },
  },
  {
    name: "§4.4.2.1 EXT-X-INDEPENDENT-SEGMENTS holds for every segment whose parts are listed",
    check: (list) =>
      list.value("EXT-X-INDEPENDENT-SEGMENTS") === undefined
        ? []
        : failing(
            list.segments,
            ({ parts: [first] }) => first !== undefined && !first.isIndependent && !first.isGap,
            ({ msn }) => `segment ${msn}`,
          ),
  },
];

/** Further rules of playlists of Low-Latency HLS. */
export const liveRules: readonly Rule<ReadPlaylist>[] = [
  ...mediaRules,
  {
    name: "§4.4.3.7 parts have an EXT-X-PART-INF",
    check: (list) => when(list.value("EXT-X-PART") !== undefined && !(partTargetOf(list) > 0), "there is none"),
  },
  {
    name: "§4.4.4.9 no part is longer than the Part Target Duration",
    check: (list) =>
      failing(
        list.segments.flatMap(({ parts }) => parts),
        ({ durationS }) => !(durationS <= partTargetOf(list) + roundingS),
        ({ uri, durationS }) => `${uri} lasts ${durationS} s`,
      ),
  },
  {
    name: "§4.4.4.9 parts but the last of a segment have 85 % of the Part Target Duration",
    check: (list) =>
      failing(
        list.segments.flatMap(({ parts }) => parts.slice(0, -1)),
        ({ durationS, isGap }) => !isGap && durationS < partTargetOf(list) * 0.85 - roundingS,
        ({ uri, durationS }) => `${uri} lasts ${durationS} s`,
      ),
  },
  {
    name: "§4.4.4.9 the parts of a segment last as long as it",
    check: (list) =>
      failing(
        closedOf(list).filter(({ parts }) => parts.length > 0),
        ({ parts, durationS }) =>
          Math.abs(parts.reduce((sum, part) => sum + part.durationS, 0) - durationS) > roundingS * (parts.length + 1),
        ({ msn }) => `segment ${msn}`,
      ),
  },
  {
    name: "§4.4.3.8 hold-backs and the skip boundary are long enough",
    check: (list) => {
      const control = readAttributes(list.value("EXT-X-SERVER-CONTROL") ?? "");
      const least = (name: string, seconds: number): readonly string[] =>
        when(Number(control.get(name) ?? seconds) < seconds - roundingS, `${name}=${control.get(name)}`);
      return [
        ...least("HOLD-BACK", 3 * targetOf(list)),
        ...least("CAN-SKIP-UNTIL", 6 * targetOf(list)),
        ...(partTargetOf(list) > 0 ? least("PART-HOLD-BACK", 3 * partTargetOf(list)) : []),
        ...when(partTargetOf(list) > 0 && !control.has("PART-HOLD-BACK"), "there is no PART-HOLD-BACK"),
      ];
    },
  },
  {
    name: "§4.4.5.1 a delta leaves out nothing within the skip boundary",
    check: (list) => {
      if (list.value("EXT-X-SKIP") === undefined) return [];
      const skipped = Number(readAttributes(list.value("EXT-X-SKIP") ?? "").get("SKIPPED-SEGMENTS"));
      const until = Number(readAttributes(list.value("EXT-X-SERVER-CONTROL") ?? "").get("CAN-SKIP-UNTIL"));
      return [
        ...when(!(skipped > 0), `${skipped} segments are left out`),
        ...when(secondsOf(list.segments) < until - 0.01, `${secondsOf(list.segments)} s are left`),
      ];
    },
  },
  {
    name: "§4.4.5.3 a hint names a part that is not listed",
    check: (list) => {
      const listed = new Set(list.segments.flatMap(({ parts }) => parts.map(({ uri }) => uri)));
      return list.all("EXT-X-PRELOAD-HINT").flatMap((hint) => {
        const uri = hint.get("URI") ?? "";
        return when(uri === "" || listed.has(uri) || hint.get("TYPE") !== "PART", uri);
      });
    },
  },
  {
    name: "§4.4.5.4 a report has an address and the newest number",
    check: (list) =>
      failing(
        list.all("EXT-X-RENDITION-REPORT"),
        (report) => (report.get("URI") ?? "") === "" || !/^\d+$/.test(report.get("LAST-MSN") ?? ""),
        (report) => [...report].join(" "),
      ),
  },
];

/** All that breaks these rules, behind the name of the rule. */
export const breachesOf = <Subject>(rules: readonly Rule<Subject>[], subject: Subject): string[] =>
  rules.flatMap(({ name, check }) => check(subject).map((sentence) => `${name}: ${sentence}`));
