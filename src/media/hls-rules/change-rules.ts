import { secondsOf, type Rule } from "./media-rules.ts";
import { type ReadPlaylist, type ReadSegment, readAttributes } from "./read.ts";

/** Two playlists of one rendition, as a player had them one after the other. */
export interface Change {
  readonly before: ReadPlaylist;
  readonly after: ReadPlaylist;
}

const common = ({ before, after }: Change): (readonly [ReadSegment, ReadSegment])[] => {
  const later = new Map(after.segments.map((segment) => [segment.msn, segment]));
  return before.segments.flatMap((segment) => {
    const same = later.get(segment.msn);
    return same === undefined ? [] : [[segment, same] as const];
  });
};
const same = (name: string, { before, after }: Change): readonly string[] =>
  before.value(name) === after.value(name) ? [] : [`${before.value(name)} became ${after.value(name)}`];
const numberOf = (list: ReadPlaylist, name: string): number => Number(list.value(name) ?? 0);

/** Changes that a server may make to a playlist between two requests of it (draft-pantos-hls-rfc8216bis §6.2.1–2). */
export const changeRules: readonly Rule<Change>[] = [
  { name: "§4.4.3.1 the target duration stays", check: (change) => same("EXT-X-TARGETDURATION", change) },
  { name: "§4.4.3.7 the Part Target Duration stays", check: (change) => same("EXT-X-PART-INF", change) },
  { name: "§4.4.1.2 the version stays", check: (change) => same("EXT-X-VERSION", change) },
  {
    name: "§4.4.2.1 EXT-X-INDEPENDENT-SEGMENTS goes where it becomes untrue, and does not come back",
    check: ({ before, after }) => {
      const [had, has] = [before, after].map((list) => list.value("EXT-X-INDEPENDENT-SEGMENTS") !== undefined);
      return has && !had ? ["it came"] : [];
    },
  },
  {
    name: "§6.2.2 media sequence numbers do not fall",
    check: ({ before, after }) => {
      const [was, is] = [numberOf(before, "EXT-X-MEDIA-SEQUENCE"), numberOf(after, "EXT-X-MEDIA-SEQUENCE")];
      return is < was ? [`${was} became ${is}`] : [];
    },
  },
  {
    name: "§6.2.2 three target durations are left where a segment is removed",
    check: ({ before, after }) => {
      const isRemoval = numberOf(after, "EXT-X-MEDIA-SEQUENCE") > numberOf(before, "EXT-X-MEDIA-SEQUENCE");
      const leftS = secondsOf(after.segments);
      return isRemoval && leftS < 3 * numberOf(after, "EXT-X-TARGETDURATION") ? [`${leftS} s`] : [];
    },
  },
  {
    name: "§6.2.2 segments are removed from the beginning alone",
    check: ({ before, after }) => {
      const first = after.segments[0]?.msn ?? 0;
      const listedAfter = new Set(after.segments.map(({ msn }) => msn));
      return before.segments
        .filter(({ msn }) => msn >= first && !listedAfter.has(msn))
        .map(({ msn }) => `segment ${msn}`);
    },
  },
  {
    name: "§6.2.2 a segment keeps its discontinuity sequence number",
    check: (change) =>
      common(change)
        .filter(([was, is]) => was.discontinuity !== is.discontinuity)
        .map(([was, is]) => `segment ${was.msn}: ${was.discontinuity} became ${is.discontinuity}`),
  },
  {
    name: "§6.2.1 a whole segment that is listed does not change",
    check: (change) =>
      common(change)
        .filter(([was]) => was.uri !== undefined)
        .flatMap(([was, is]) => {
          const of = ({ uri, durationS, isGap, map, dateMs, hasDiscontinuity }: ReadSegment): string =>
            JSON.stringify([uri, durationS, isGap, map, dateMs, hasDiscontinuity]);
          return of(was) === of(is) ? [] : [`segment ${was.msn}: ${of(was)} became ${of(is)}`];
        }),
  },
  {
    name: "§6.2.2 parts of a segment are added behind those before, or all are removed",
    check: (change) =>
      common(change)
        .filter(([, is]) => is.parts.length > 0 || is.uri === undefined)
        .flatMap(([was, is]) => {
          const kept = is.parts.slice(0, was.parts.length);
          return JSON.stringify(kept) === JSON.stringify(was.parts) ? [] : [`segment ${was.msn}`];
        }),
  },
  {
    name: "§4.4.5.3 the part that comes next is the one that was hinted at",
    check: ({ before, after }) => {
      const hint = readAttributes(before.value("EXT-X-PRELOAD-HINT") ?? "").get("URI");
      const listed = new Set(before.segments.flatMap(({ parts }) => parts.map(({ uri }) => uri)));
      const last = before.segments.at(-1)?.msn ?? 0;
      const next = after.segments
        .filter(({ msn }) => msn >= last)
        .flatMap(({ parts }) => parts)
        .find(({ uri }) => !listed.has(uri))?.uri;
      return next === undefined || hint === next ? [] : [`${hint} was hinted at, ${next} came`];
    },
  },
  {
    name: "§4.4.3.4 nothing follows an end",
    check: ({ before, after }) =>
      before.value("EXT-X-ENDLIST") !== undefined && before.text !== after.text ? ["it changed"] : [],
  },
];
