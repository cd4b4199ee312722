import { gateChanged } from "#events/gate";
import type { Call, Handlers, Host, Id, Tx } from "#kernel";
import { requireCategory } from "#policy/categories";
import { hashForVisibility } from "#policy/unlock-token";
import type { GateCheck } from "#policy/gates/check";
import { changesOf } from "./changes.ts";
import { PublishedAlready, type video } from "../contract.ts";
import type { OwnMedia } from "../media/own-media.ts";
import type { PublicationSchedule } from "./schedule.ts";
import type { Publication } from "./publication.ts";
import { presentVideo } from "../lists/presenter.ts";
import type { PostingPolicy } from "../posting-policy.ts";
import * as store from "../store.ts";
import type { ViewerAccess } from "../access/viewer-access.ts";

interface Parts extends Pick<ViewerAccess, "requireVisible" | "requireOwn">, Pick<Publication, "emitUpdated"> {
  readonly ownFiles: OwnMedia;
  readonly policy: PostingPolicy;
  readonly schedule: PublicationSchedule;
  readonly checkGate: GateCheck;
  /** Audits an act that matters for security. */
  readonly note: (tx: Tx<store.Tables>, act: string, id: Id, call: Call, detail?: string) => Promise<unknown>;
}

/** The texts of a video that others read. */
const texts = ["title", "description", "tags", "hashtags"];

/** A change of these makes earlier addresses void. */
const protections: ReadonlySet<string> = new Set(["visibility", "password", "gate", "teaser"]);

/** Changes the texts and the visibility of a video, and publishes drafts. */
export function createVideoUpdate(
  { db, emit }: Pick<Host<store.Tables>, "db" | "emit">,
  { requireVisible, requireOwn, emitUpdated, ownFiles, policy, schedule, note, checkGate }: Parts,
): Pick<Handlers<typeof video>, "update" | "publish"> {
  return {
    async update({ id, coverUrl, password, gatePassword, ...input }, call) {
      await requireVisible(await store.byId(db, id), call, call);
      requireCategory(input.categoryId);
      schedule.check(input.publishAtMs);
      await checkGate(input.gate, call);
      const cover = await ownFiles.cover(coverUrl, id, call);
      const passwordHash = await hashForVisibility(gatePassword ?? password, input.visibility);
      const flaggedFor = await policy.flagReason([input.title, input.description, ...(input.tags ?? [])], call);
      return db.tx(async (tx) => {
        const before = requireOwn(await store.lock(tx, id), "change", call);
        const isHeld = input.publishAtMs !== undefined || input.draft;
        if (isHeld && !before.isDraft) throw PublishedAlready({});
        const { changes, changed } = changesOf(before, { ...input, cover, passwordHash });
        if (changed.length === 0) return presentVideo(before, call);
        const changesText = texts.some((name) => changed.includes(name));
        // Muted users may change everything but the texts.
        if (changesText) await policy.requireUnmuted(call, tx);
        await store.update(
          tx,
          id,
          changes,
          changed.some((name) => protections.has(name)),
        );
        const row = (await store.byId(tx, id)) ?? before;
        await emitUpdated(tx, before, row, changed);
        if (before.gate !== null && changed.some((name) => protections.has(name)))
          await emit(tx, gateChanged, id, { kind: "video", thingId: id, generation: row.generation });
        if (flaggedFor !== undefined && changesText) await policy.flag(tx, "video", row, flaggedFor);
        if (changed.includes("visibility"))
          await note(tx, "video.visibility_changed", id, call, `${before.visibility} → ${row.visibility}`);
        if (changed.includes("publishAt")) await schedule.plan(tx, id, row.publishAtMs);
        return presentVideo(row, call);
      });
    },

    async publish({ id }, call) {
      await requireVisible(await store.byId(db, id), call, call);
      await policy.requireUnmuted(call);
      return db.tx(async (tx) =>
        presentVideo(await schedule.publish(tx, requireOwn(await store.lock(tx, id), "change", call)), call),
      );
    },
  };
}
