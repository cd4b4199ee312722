import { playlistRules, type Rule } from "./media-rules.ts";
import type { ReadPlaylist } from "./read.ts";

/** A list of renditions, and the greatest rates that the segments of a variant and its sound have had. */
export interface RatedMaster {
  readonly list: ReadPlaylist;
  /** By the address of the variant. */
  readonly measured: ReadonlyMap<string, { readonly peakBps: number; readonly framesPerSecond: number }>;
}

const numberOf = (text: string | undefined): number => Number(text ?? Number.NaN);

/** Rules of a list of renditions (draft-pantos-hls-rfc8216bis §4.4.6). */
export const masterRules: readonly Rule<RatedMaster>[] = [
  ...playlistRules.map(({ name, check }) => ({ name, check: ({ list }: RatedMaster) => check(list) })),
  {
    name: "§4.4.6.2 a variant has a BANDWIDTH above zero, and no higher average",
    check: ({ list }) =>
      list.variants
        .filter(({ attributes }) => {
          const peak = numberOf(attributes.get("BANDWIDTH"));
          return !(peak > 0) || numberOf(attributes.get("AVERAGE-BANDWIDTH") ?? "0") > peak;
        })
        .map(({ uri }) => uri),
  },
  {
    name: "§4.4.6.2 no set of segments has more bits a second than BANDWIDTH says",
    check: ({ list, measured }) =>
      list.variants.flatMap(({ uri, attributes }) => {
        const [stated, peakBps] = [numberOf(attributes.get("BANDWIDTH")), measured.get(uri)?.peakBps ?? 0];
        return peakBps > stated ? [`${uri}: ${peakBps} of ${stated}`] : [];
      }),
  },
  {
    name: "§4.4.6.2 FRAME-RATE is as high as the pictures are fast",
    check: ({ list, measured }) =>
      list.variants.flatMap(({ uri, attributes }) => {
        const [stated, fps] = [numberOf(attributes.get("FRAME-RATE")), measured.get(uri)?.framesPerSecond ?? 0];
        return fps > 0 && !(stated >= fps * 0.95) ? [`${uri}: ${fps} of ${stated}`] : [];
      }),
  },
  {
    name: "§4.4.6.2 a variant has codecs, and a resolution where it has pictures",
    check: ({ list }) =>
      list.variants
        .filter(({ attributes }) => {
          const codecs = attributes.get("CODECS") ?? "";
          const hasPictures = /avc1|hvc1|hev1|av01|vp09/.test(codecs);
          return codecs === "" || (hasPictures && !/^\d+x\d+$/.test(attributes.get("RESOLUTION") ?? ""));
        })
        .map(({ uri }) => uri),
  },
  {
    name: "§4.4.6.2.1 a group that a variant names is there",
    check: ({ list }) => {
      const groups = new Set(list.all("EXT-X-MEDIA").map((media) => `${media.get("TYPE")} ${media.get("GROUP-ID")}`));
      return list.variants.flatMap(({ attributes }) =>
        ["AUDIO", "SUBTITLES"].flatMap((type) => {
          const group = attributes.get(type);
          return group === undefined || groups.has(`${type} ${group}`) ? [] : [group];
        }),
      );
    },
  },
  {
    name: "§4.4.6.1.1 renditions of a group have names of their own",
    check: ({ list }) => {
      const names = list
        .all("EXT-X-MEDIA")
        .map((media) => `${media.get("TYPE")} ${media.get("GROUP-ID")} ${media.get("NAME")}`);
      return names.filter((name, n) => names.indexOf(name) !== n);
    },
  },
];
