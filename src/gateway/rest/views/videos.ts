import { Duration, PublicPath } from "#kernel";
import { interaction } from "#services/interaction/contract";
import { media } from "#services/media/contract";
import { streaming } from "#services/streaming/contract";
import { Statistics, Video, video } from "#services/video/contract";
import { z } from "zod";
import { inOrder, type Part, view, type ViewContext } from "../view.ts";
import { author } from "./users.ts";

const Counts = z.object({
  playCount: z.int(),
  likeCount: z.int(),
  commentCount: z.int(),
  shareCount: z.int(),
  favoriteCount: z.int(),
  isLiked: z.boolean(),
  isFavorited: z.boolean(),
  /** The position where the viewer stopped watching; 0 where they did not begin or came to the end. */
  positionMs: Duration,
});
const untouched: z.output<typeof Counts> = {
  playCount: 0,
  likeCount: 0,
  commentCount: 0,
  shareCount: 0,
  favoriteCount: 0,
  isLiked: false,
  isFavorited: false,
  positionMs: 0,
};
const counts: Part<{ id: number }> = {
  name: "counts",
  adds: Counts,
  none: () => untouched,
  async of(rows, { client, call }) {
    const { items } = await client(interaction).states({ videoIds: rows.map((row) => row.id) }, call);
    return inOrder(
      rows,
      (row) => row.id,
      items,
      (item) => item.videoId,
    );
  },
};

const Addresses = z.object({
  coverUrl: PublicPath,
  videoUrl: PublicPath,
  hlsUrl: PublicPath,
  /** Null while it cannot be played. */
  dashUrl: PublicPath.nullable(),
  downloadUrl: PublicPath.nullable(),
  /** Three seconds of it that move, as AVIF; null where there are none. */
  previewUrl: PublicPath.nullable(),
  /** How loud it is when: `{ peak_ms, peaks }`, 0–255; null where there is no sound. */
  waveformUrl: PublicPath.nullable(),
  /** The cover in a few bytes (thumbhash, base64), shown while it is fetched; null where another was chosen. */
  thumb: z.string().nullable(),
  /** By how many decibels a player turns it up or down, so that all are alike; its peaks stay below -1 dBTP. */
  gainDb: z.number(),
});
const nowhere: z.output<typeof Addresses> = {
  coverUrl: "",
  videoUrl: "",
  hlsUrl: "",
  dashUrl: null,
  downloadUrl: null,
  previewUrl: null,
  waveformUrl: null,
  thumb: null,
  gainDb: 0,
};
const published = 1;
/** Its owner watches it before others do. */
const heldBack = 4;

type Brief = z.output<typeof media.methods.briefs.output>["items"][number];

/** The media of videos, undefined where it is unavailable. A video is complete without it. */
async function briefsOf(rows: readonly Video[], context: ViewContext): Promise<(Brief | undefined)[]> {
  try {
    const ids = [...new Set(rows.map((row) => row.mediaId))];
    const { items } = await context.client(media).briefs({ ids }, context.call);
    return inOrder(
      rows,
      (row) => row.mediaId,
      items,
      (item) => item.id,
    );
  } catch (error) {
    context.reportDegraded("looks", error);
    return [];
  }
}

const extrasOf = (brief: Brief | undefined): ("preview.avif" | "waveform.json")[] => [
  ...(brief?.hasPreview ? ["preview.avif" as const] : []),
  ...(brief?.hasWaveform ? ["waveform.json" as const] : []),
];

const isEverybodys = ({ visibility, status }: Video): boolean => visibility === "public" && status === published;

export const addresses: Part<Video> = {
  name: "addresses",
  adds: Addresses,
  none: () => nowhere,
  async of(rows, context) {
    const briefs = await briefsOf(rows, context);
    return addressesOf(
      rows.map((row, n) => ({ row, brief: briefs[n] })),
      context,
    );
  },
};

/** A video's picture. */
export const Cover = Addresses.pick({ coverUrl: true, thumb: true });
/** The most videos that one query looks up. */
const videosMax = 200;

/** The covers of the given videos, without videos that the viewer may not see or that have none. */
export async function coversOf(
  videoIds: readonly number[],
  context: ViewContext,
): Promise<ReadonlyMap<number, z.output<typeof Cover>>> {
  const ids = [...new Set(videoIds)].slice(0, videosMax);
  if (ids.length === 0) return new Map();
  const { items } = await context.client(video).visible({ ids }, context.call);
  const briefs = await briefsOf(items, context);
  const rowAddresses = await addressesOf(
    items.map((row, n) => ({ row, brief: briefs[n] })),
    context,
  );
  return new Map(
    items.flatMap(({ id }, n) => {
      const { coverUrl, thumb } = rowAddresses[n] ?? nowhere;
      return coverUrl === "" ? [] : [[id, { coverUrl, thumb }]];
    }),
  );
}

interface Looking {
  readonly row: Video;
  readonly brief: Brief | undefined;
}
async function addressesOf(
  looks: readonly Looking[],
  { client, call }: ViewContext,
): Promise<(z.output<typeof Addresses> | undefined)[]> {
  const { items } = await client(streaming).links({ items: looks.map(linksWanted) }, call);
  const links = inOrder(
    looks,
    ({ row }) => row.id,
    items,
    (item) => item.id,
  );
  return looks.map(({ row: { coverUrl: elsewhere, coverMediaId }, brief }, n) => {
    const link = links[n];
    const extra = (name: string) => link?.extras.find((file) => file.name === name)?.url ?? null;
    return (
      link && {
        coverUrl: elsewhere || link.coverUrl,
        videoUrl: link.videoUrl,
        hlsUrl: link.hlsUrl,
        dashUrl: link.dashUrl || null,
        downloadUrl: link.downloadUrl,
        previewUrl: extra("preview.avif"),
        waveformUrl: extra("waveform.json"),
        thumb: (elsewhere || coverMediaId ? null : brief?.thumb) ?? null,
        gainDb: brief?.gainDb ?? 0,
      }
    );
  });
}

const linksWanted = ({ row, brief }: Looking) => {
  const { id, generation, hasCover, coverMediaId, status, allowDownload, isMine, isGranted } = row;
  const isPlayable = status === published || status === heldBack;
  return {
    scope: "video" as const,
    id,
    generation,
    isPublic: isEverybodys(row),
    hasCover,
    ...(coverMediaId !== null && { coverMediaId }),
    isPlayable,
    allowDownload: allowDownload || isMine,
    isGranted,
    extras: isPlayable ? extrasOf(brief) : [],
  };
};

export const videoView = view({
  id: "Video",
  base: Video,
  hidden: ["generation", "hasCover", "coverUrl", "coverMediaId", "isGranted"],
  parts: [author, counts, addresses],
});

const PublicCounts = Counts.omit({ isLiked: true, isFavorited: true, positionMs: true });
export const statisticsView = view({
  id: "VideoStatistics",
  base: Statistics,
  parts: [{ ...counts, adds: PublicCounts, none: () => PublicCounts.parse(untouched) }],
});
