import { type Call, type Host, type Id, KinoraError } from "#kernel";
import { hotScoreOf } from "#policy/hot-score";
import { interaction } from "#services/interaction/contract";
import { tagKeysOf } from "../candidate.ts";
import type { exclusionsOf } from "../exclusions/exclusions.ts";
import { hotValueMin } from "../feeds/common-feed.ts";
import type { Tables } from "../store.ts";
import { visibleVideoOf } from "../visible-video.ts";
import { relatedOf } from "./order.ts";
import * as relatedStore from "./related-store.ts";

/** More of an author would crowd out the rest. */
const authoredMax = 20;
const watchedMax = 50;

type RelatedHost = Pick<Host<Tables>, "db" | "client" | "call" | "log" | "now">;

/** Videos to watch after one. */
export function relatedVideosOf(host: RelatedHost, exclusions: ReturnType<typeof exclusionsOf>) {
  const { db, client, call: newCall, log, now } = host;
  const visibleVideo = visibleVideoOf(host);

  /** What others watched beside the video; nothing while interaction is away. */
  async function watchedBeside(id: Id, { traceId, signal }: Call) {
    try {
      return (await client(interaction).watchedBeside({ id, limit: watchedMax }, newCall({ traceId, signal }))).items;
    } catch (error) {
      if (!(error instanceof KinoraError) || !error.retryable) throw error;
      log.warn("watched videos are unavailable", { err: error });
      return [];
    }
  }

  return {
    async related({ id, limit }: { readonly id: Id; readonly limit: number }, call: Call) {
      const video = await visibleVideo(id, call);
      const [left, beside] = await Promise.all([exclusions(call), watchedBeside(id, call)]);
      const reader = db.read(call);
      const besideIds = beside.map(({ videoId }) => videoId);
      const [tagged, authored, listable, hottest] = await Promise.all([
        relatedStore.tagged(reader, { videoId: id, tags: tagKeysOf(video) }, left, limit),
        relatedStore.authored(reader, { videoId: id, authorId: video.userId }, left, authoredMax),
        relatedStore.listable(reader, id, besideIds, left),
        relatedStore.hottest(reader, id, left, limit),
      ]);
      const listableIds = new Set(listable.map(({ videoId }) => videoId));
      const scoreMin = hotScoreOf(hotValueMin, now());
      const neighbours = {
        tagged,
        authored: authored.map(({ videoId }) => videoId),
        watched: beside.filter(({ videoId }) => listableIds.has(videoId)),
        hottest: hottest.map(({ videoId, hotScore }) => ({ videoId, isHot: hotScore >= scoreMin })),
      };
      return { items: relatedOf(neighbours, limit) };
    },
  };
}
