import type { Call, Handlers, Host, Id, Tx } from "#kernel";
import { mustBeCategory } from "../details/categories.ts";
import { changesOf } from "./changes.ts";
import { PublishedAlready, type video } from "../contract.ts";
import type { ownMedia } from "../media/own-media.ts";
import type { planning } from "./schedule.ts";
import type { showing } from "./publication.ts";
import { shown } from "../lists/presenter.ts";
import type { speakingOf } from "./posting-policy.ts";
import * as store from "../store.ts";
import { hashGiven } from "../access/unlock-token.ts";
import type { watching } from "../access/viewer-access.ts";

interface Parts
  extends Pick<ReturnType<typeof watching>, "seen" | "mine">,
    Pick<ReturnType<typeof showing>, "tellUpdated"> {
  readonly own: ReturnType<typeof ownMedia>;
  readonly speaking: ReturnType<typeof speakingOf>;
  readonly planned: ReturnType<typeof planning>;
  /** Notes an act that matters for security. */
  readonly note: (tx: Tx<store.Tables>, act: string, id: Id, call: Call, detail?: string) => Promise<unknown>;
}

/** Changes of these say something to others. */
const saying = ["title", "description", "tags", "hashtags"];

/** Changing what is said of a video and who sees it, and publishing a draft. */
export function updating(
  { db }: Pick<Host<store.Tables>, "db">,
  { seen, mine, tellUpdated, own, speaking, planned, note }: Parts,
): Pick<Handlers<typeof video>, "update" | "publish"> {
  return {
    async update({ id, coverUrl, password, ...given }, call) {
      await seen(await store.byId(db, id), call, call);
      mustBeCategory(given.categoryId);
      planned.check(given.publishAtMs);
      const cover = await own.cover(coverUrl, id, call);
      const passwordHash = await hashGiven(password, given.visibility);
      const flaggedFor = await speaking.flagFor([given.title, given.description, ...(given.tags ?? [])], call);
      return db.tx(async (tx) => {
        const before = mine(await store.lock(tx, id), "change", call);
        const isHeld = given.publishAtMs !== undefined || given.draft;
        if (isHeld && !before.isDraft) throw PublishedAlready({});
        const { changes, changed } = changesOf(before, { ...given, cover, passwordHash });
        if (changed.length === 0) return shown(before, call);
        const isSaying = saying.some((name) => changed.includes(name));
        // What is already there and seen by nobody new may be changed by whoever is muted; what is said anew may not.
        if (isSaying) await speaking.mayPublish(call, tx);
        await store.update(tx, id, changes, changed.includes("visibility") || changed.includes("password"));
        const row = (await store.byId(tx, id)) ?? before;
        await tellUpdated(tx, before, row, changed);
        if (flaggedFor !== undefined && isSaying) await speaking.flag(tx, "video", row, flaggedFor);
        if (changed.includes("visibility"))
          await note(tx, "video.visibility_changed", id, call, `${before.visibility} → ${row.visibility}`);
        if (changed.includes("publishAt")) await planned.plan(tx, id, row.publishAtMs);
        return shown(row, call);
      });
    },

    async publish({ id }, call) {
      await seen(await store.byId(db, id), call, call);
      await speaking.mayPublish(call);
      return db.tx(async (tx) =>
        shown(await planned.publish(tx, mine(await store.lock(tx, id), "change", call)), call),
      );
    },
  };
}
