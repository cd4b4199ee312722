import { type Call, callerOf, type Host } from "#kernel";
import type { z } from "zod";
import { mustBeThere } from "#services/auth/contract";
import { mustBeCategory } from "../details/categories.ts";
import { passwordHashFor, visibilityOf } from "./changes.ts";
import { MediaMissing, NothingToPublish, type Video, type video } from "../contract.ts";
import { type fetching, standIn } from "../media/fetch.ts";
import { type MediaState, noteMedia } from "../media/media-store.ts";
import type { ownMedia } from "../media/own-media.ts";
import type { planning } from "./schedule.ts";
import type { showing } from "./publication.ts";
import { shown } from "../lists/presenter.ts";
import type { speakingOf } from "./posting-policy.ts";
import * as store from "../store.ts";
import { hashGiven } from "../access/unlock-token.ts";

type Create = z.output<(typeof video)["methods"]["create"]["input"]>;

interface Parts extends Pick<ReturnType<typeof showing>, "tellPublished"> {
  readonly own: ReturnType<typeof ownMedia>;
  readonly speaking: ReturnType<typeof speakingOf>;
  readonly planned: ReturnType<typeof planning>;
  readonly fetches: ReturnType<typeof fetching>;
}

/** Making a video of what was uploaded, or of what is to be fetched: a draft, or one that is published by itself. */
export function creating(
  { db, nextId, now }: Pick<Host<store.Tables>, "db" | "nextId" | "now">,
  { own, speaking, planned, fetches, tellPublished }: Parts,
) {
  /** What is to be shown: a media object that is there, or the stand-in of one that is fetched. */
  async function filmOf({ mediaId, videoUrl }: Pick<Create, "mediaId" | "videoUrl">, call: Call) {
    if (mediaId !== undefined) return { mediaId, known: await own.film(mediaId, call) };
    if (videoUrl === undefined) throw NothingToPublish({});
    const { id: importId } = await fetches.begin(videoUrl, call);
    return { mediaId: standIn(nextId()), known: fetches.standInState, importId };
  }

  return async ({ draft, publishAtMs, ...given }: Create, call: Call): Promise<Video> => {
    mustBeCategory(given.categoryId);
    planned.check(publishAtMs);
    await speaking.mayPublish(call);
    const flaggedFor = await speaking.flagFor([given.title, given.description, ...(given.tags ?? [])], call);
    const cover = await own.cover(given.coverUrl, undefined, call);
    const userId = callerOf(call);
    const id = nextId();
    const visibility = visibilityOf(given) ?? "public";
    const password_hash = passwordHashFor(visibility, await hashGiven(given.password, visibility), null);
    // Last, so that nothing is fetched for what is refused.
    const { mediaId, known, importId } = await filmOf(given, call);
    const written = db.answer(async (tx) => {
      await mustBeThere(tx, userId);
      const { state, isReleased } = await noteMedia(tx, mediaId, known);
      // Its last video was deleted after media was asked; media hides it as soon as it hears of that.
      if (isReleased) throw MediaMissing({});
      const isLater = publishAtMs !== undefined && publishAtMs > now();
      const isDraft = draft || isLater;
      const publish_at_ms = isLater ? publishAtMs : null;
      const status = statusOf(state, isDraft);
      await store.insert(tx, {
        id,
        user_id: userId,
        media_id: mediaId,
        title: given.title,
        description: given.description ?? "",
        cover_url: cover?.url ?? "",
        cover_media_id: cover?.mediaId ?? null,
        category_id: given.categoryId ?? null,
        tags: given.tags ?? [],
        hashtags: given.hashtags ?? [],
        visibility,
        password_hash,
        is_draft: isDraft,
        publish_at_ms,
        status,
        allow_comment: given.allowComment ?? true,
        allow_download: given.allowDownload ?? true,
        created_at_ms: now(),
        published_at_ms: status === store.published ? now() : null,
      });
      const made = await store.byId(tx, id);
      if (!made) throw new Error("a video that was just inserted is not there");
      await planned.plan(tx, id, publish_at_ms);
      if (importId !== undefined) await fetches.add(tx, { videoId: id, userId, mediaId, importId });
      if (flaggedFor !== undefined) await speaking.flag(tx, "video", made, flaggedFor);
      if (status === store.published) await tellPublished(tx, made);
      return shown(made, call);
    });
    return written.catch(async (error: unknown) => {
      // Who asks again with a key is given the same fetch again.
      if (importId !== undefined && call.idempotencyKey === undefined) await fetches.cancel(importId, call);
      throw error;
    });
  };
}

/** What a new video is, by what its media is. Pure. */
function statusOf(state: MediaState["state"], isDraft: boolean): number {
  if (state === "processing") return store.processing;
  if (state === "failed") return store.failed;
  return isDraft ? store.held : store.published;
}
