import { requireAccount } from "#policy/account";
import { type Call, callerOf, type Host } from "#kernel";
import type { z } from "zod";
import { requireCategory } from "#policy/categories";
import { hashForVisibility } from "#policy/unlock-token";
import type { GateCheck } from "#policy/gates/check";
import { gateText, protectionFor } from "#policy/gates/protection";
import { visibilityOf } from "./changes.ts";
import { MediaMissing, NothingToPublish, PasswordMissing, type Video, type video } from "../contract.ts";
import { type MediaFetches, standIn } from "./fetch.ts";
import { type MediaState, recordMedia } from "../media/media-store.ts";
import type { OwnMedia } from "../media/own-media.ts";
import type { PublicationSchedule } from "./schedule.ts";
import type { Publication } from "./publication.ts";
import { presentVideo } from "../lists/presenter.ts";
import type { PostingPolicy } from "../posting-policy.ts";
import * as store from "../store.ts";

type Create = z.output<(typeof video)["methods"]["create"]["input"]>;

interface Parts extends Pick<Publication, "emitPublished"> {
  readonly ownFiles: OwnMedia;
  readonly policy: PostingPolicy;
  readonly schedule: PublicationSchedule;
  readonly fetches: MediaFetches;
  readonly checkGate: GateCheck;
}

/** Creates videos of uploaded or fetched files: drafts, or videos that are published when they can be played. */
export function createVideoCreation(
  { db, nextId, now }: Pick<Host<store.Tables>, "db" | "nextId" | "now">,
  { ownFiles, policy, schedule, fetches, emitPublished, checkGate }: Parts,
) {
  /** The media object of the video, or the stand-in of one that is fetched. */
  async function filmOf({ mediaId, videoUrl }: Pick<Create, "mediaId" | "videoUrl">, call: Call) {
    if (mediaId !== undefined) return { mediaId, media: await ownFiles.film(mediaId, call) };
    if (videoUrl === undefined) throw NothingToPublish({});
    const { id: importId } = await fetches.begin(videoUrl, call);
    return { mediaId: standIn(nextId()), media: fetches.standInState, importId };
  }

  return async ({ draft, publishAtMs, ...input }: Create, call: Call): Promise<Video> => {
    requireCategory(input.categoryId);
    schedule.check(publishAtMs);
    await checkGate(input.gate, call);
    await policy.requireUnmuted(call);
    const flaggedFor = await policy.flagReason([input.title, input.description, ...(input.tags ?? [])], call);
    const cover = await ownFiles.cover(input.coverUrl, undefined, call);
    const userId = callerOf(call);
    const id = nextId();
    const visibility = visibilityOf(input) ?? "public";
    const newHash = await hashForVisibility(input.gatePassword ?? input.password, visibility);
    const { passwordHash, gate, teaser } = protectionFor({
      visibility,
      named: { passwordHash: newHash, gate: input.gate, teaser: input.teaser },
      passwordMissing: () => PasswordMissing({}),
    });
    // Last, so that nothing is fetched for an input that is refused.
    const { mediaId, media, importId } = await filmOf(input, call);
    const created = db.answer(async (tx) => {
      await requireAccount(tx, userId);
      const { state, isReleased } = await recordMedia(tx, mediaId, media);
      // Its last video was deleted after media answered; media hides it once it consumes that event.
      if (isReleased) throw MediaMissing({});
      const isLater = publishAtMs !== undefined && publishAtMs > now();
      const isDraft = draft || isLater;
      const publish_at_ms = isLater ? publishAtMs : null;
      const status = statusOf(state, isDraft);
      await store.insert(tx, {
        id,
        user_id: userId,
        media_id: mediaId,
        title: input.title,
        description: input.description ?? "",
        cover_url: cover?.url ?? "",
        cover_media_id: cover?.mediaId ?? null,
        category_id: input.categoryId ?? null,
        tags: input.tags ?? [],
        hashtags: input.hashtags ?? [],
        visibility,
        password_hash: passwordHash,
        gate: gateText(gate),
        teaser,
        is_draft: isDraft,
        publish_at_ms,
        status,
        allow_comment: input.allowComment ?? true,
        allow_download: input.allowDownload ?? true,
        created_at_ms: now(),
        published_at_ms: status === store.published ? now() : null,
      });
      const row = await store.byId(tx, id);
      if (!row) throw new Error("a video that was just inserted is not there");
      await schedule.plan(tx, id, publish_at_ms);
      if (importId !== undefined) await fetches.add(tx, { videoId: id, userId, mediaId, importId });
      if (flaggedFor !== undefined) await policy.flag(tx, "video", row, flaggedFor);
      if (status === store.published) await emitPublished(tx, row);
      return presentVideo(row, call);
    });
    return created.catch(async (error: unknown) => {
      // A repeated request with a key continues the same fetch.
      if (importId !== undefined && call.idempotencyKey === undefined) await fetches.cancel(importId, call);
      throw error;
    });
  };
}

/** The status of a new video, by the state of its media. Pure. */
function statusOf(state: MediaState["state"], isDraft: boolean): number {
  if (state === "processing") return store.processing;
  if (state === "failed") return store.failed;
  return isDraft ? store.heldBack : store.published;
}
