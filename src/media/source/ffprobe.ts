import { z } from "zod";
import { flags } from "../flags.ts";
import type { Demuxer } from "../container.ts";
import { input } from "../lock.ts";
import { type FieldOrder, type FileFacts, ratio, type StreamFacts, streamType } from "./stream-facts.ts";

const entries = [
  "format=duration",
  "stream=index,codec_type,codec_name,profile,width,height,pix_fmt,sample_aspect_ratio,avg_frame_rate,r_frame_rate",
  "stream=field_order,color_transfer,color_primaries,color_space,color_range,channels,sample_rate,duration",
  "stream_disposition=default,attached_pic,timed_thumbnails,dependent",
  "stream_side_data=side_data_type,rotation",
  "stream_tags=language,title",
  "chapter=start_time",
  "chapter_tags=title",
].join(":");

/** Arguments that make ffprobe describe a file in JSON. */
export const describeArguments = (demuxer: Demuxer, path: string): string[] => [
  ...flags(`-v error -show_entries ${entries} -of json`),
  ...input(demuxer, path),
];

const text = z.string().optional();
const flag = z.int().default(0);
const Said = z.object({
  format: z.object({ duration: text }).default({}),
  streams: z
    .array(
      z.object({
        index: z.int().nonnegative(),
        codec_type: text,
        codec_name: text,
        profile: text,
        width: z.int().nonnegative().default(0),
        height: z.int().nonnegative().default(0),
        pix_fmt: text,
        sample_aspect_ratio: text,
        avg_frame_rate: text,
        r_frame_rate: text,
        field_order: text,
        color_transfer: text,
        color_primaries: text,
        color_space: text,
        color_range: text,
        channels: z.int().nonnegative().default(0),
        sample_rate: text,
        duration: text,
        disposition: z
          .object({ default: flag, attached_pic: flag, timed_thumbnails: flag, dependent: flag })
          .prefault({}),
        tags: z.object({ language: text, title: text }).prefault({}),
        side_data_list: z.array(z.object({ side_data_type: text, rotation: z.number().optional() })).default([]),
      }),
    )
    .default([]),
  chapters: z.array(z.object({ start_time: text, tags: z.object({ title: text }).prefault({}) })).default([]),
});

/** Reads what `describeArguments` made it print. Throws when that is not the shape ffprobe prints. */
export function factsOfJson(json: string): FileFacts {
  const said = Said.parse(JSON.parse(json));
  const claims = [said.format.duration, ...said.streams.map(({ duration }) => duration)].map(ratio);
  return {
    claimedSeconds: claims.reduce(
      (most, claim) => (claim === undefined ? most : Math.max(most ?? 0, claim)),
      undefined,
    ),
    chapters: said.chapters.flatMap(({ start_time, tags: { title } }) => {
      const startSeconds = Number(start_time ?? Number.NaN);
      return Number.isFinite(startSeconds) ? [{ startSeconds, title }] : [];
    }),
    streams: said.streams.map((stream): StreamFacts => {
      const matrix = stream.side_data_list.find((side) => side.side_data_type === "Display Matrix");
      return {
        index: stream.index,
        type: streamType(stream.codec_type),
        codec: stream.codec_name ?? "unknown",
        // A number where the profile has no name.
        profile: stream.profile !== undefined && /^-?\d+$/.test(stream.profile) ? undefined : stream.profile,
        isAttachedPicture: stream.disposition.attached_pic === 1,
        isSecondary: stream.disposition.timed_thumbnails === 1 || stream.disposition.dependent === 1,
        isDefault: stream.disposition.default === 1,
        width: stream.width,
        height: stream.height,
        pixelFormat: stream.pix_fmt,
        sar: ratio(stream.sample_aspect_ratio) ?? 1,
        fps: ratio(stream.avg_frame_rate) ?? ratio(stream.r_frame_rate) ?? 0,
        matrixRotation: matrix === undefined ? undefined : (matrix.rotation ?? 0),
        fieldOrder: fieldOrders.find((order) => order === stream.field_order) ?? "unknown",
        transfer: unlessUnknown(stream.color_transfer),
        primaries: unlessUnknown(stream.color_primaries),
        matrix: unlessUnknown(stream.color_space),
        isFullRange: stream.color_range === "pc",
        channels: stream.channels,
        sampleRate: ratio(stream.sample_rate) ?? 0,
        language: stream.tags.language,
        title: stream.tags.title,
      };
    }),
  };
}

const fieldOrders: readonly FieldOrder[] = ["progressive", "tt", "bb", "tb", "bt"];
const unlessUnknown = (name: string | undefined): string | undefined =>
  name === undefined || name === "unknown" || name === "reserved" ? undefined : name;
