import { requireAccount } from "#policy/account";
import { type Call, callerOf, type Host, type PageInput } from "#kernel";
import { InvalidInput } from "#kernel/errors";
import type { z } from "zod";
import { tagKey } from "../candidate.ts";
import type { recommend } from "../contract.ts";
import * as notInterestedStore from "./not-interested-store.ts";
import * as signalStore from "../signals/signal-store.ts";
import type { Tables } from "../store.ts";
import { createVisibleVideo } from "../visible-video.ts";

type Request = z.output<(typeof recommend)["methods"]["markNotInterested"]["input"]>;

/** Each list of a user is compared with all of them; the oldest give way. */
export const rowsMax = 1_000;

/** Records the things that users don't want to see in lists and feeds. */
export function createNotInterested({
  db,
  client,
  call: newCall,
  nextId,
  now,
}: Pick<Host<Tables>, "db" | "client" | "call" | "nextId" | "now">) {
  const visibleVideo = createVisibleVideo({ client, call: newCall });

  return {
    async markNotInterested({ id: videoId, scope, tag }: Request, call: Call) {
      const userId = callerOf(call);
      const key = keyFor({ scope, tag });
      const { userId: authorId } = await visibleVideo(videoId, call);
      const subjectId = scope === "video" ? videoId : scope === "author" ? authorId : 0;
      const row = { id: nextId(), userId, videoId, scope, subjectId, tag: key, createdAtMs: now() };
      await db.tx(async (tx) => {
        await requireAccount(tx, userId);
        await notInterestedStore.add(tx, row, rowsMax);
        await signalStore.setActs(tx, "is_refused", [{ userId, videoId, atMs: row.createdAtMs }], true);
      });
      return { scope };
    },

    async unmarkNotInterested({ id: videoId, scope, tag }: Request, call: Call) {
      const userId = callerOf(call);
      const subject = { userId, videoId, scope, tag: keyFor({ scope, tag }) };
      const isRemoved = await db.tx(async (tx) => {
        await signalStore.setActs(tx, "is_refused", [{ userId, videoId, atMs: now() }], false);
        return notInterestedStore.remove(tx, subject);
      });
      // A refusal of a video that is hidden by now can be removed; everything else treats such a video as absent.
      if (!isRemoved) await visibleVideo(videoId, call);
      return { scope };
    },

    async notInterested(page: PageInput, call: Call) {
      const { items, ...paging } = await notInterestedStore.pageOfUser(db.read(call), callerOf(call), page);
      return {
        ...paging,
        items: items.map(({ scope, subjectId, tag, videoId, createdAtMs }) => ({
          scope,
          videoId,
          authorId: scope === "author" ? subjectId : null,
          tag: scope === "tag" ? tag : null,
          createdAtMs,
        })),
      };
    },
  };
}

/** The key of the tag, empty for other scopes. Pure. @throws InvalidInput where a tag is missing */
export function keyFor({ scope, tag = "" }: Pick<Request, "scope" | "tag">): string {
  if (scope !== "tag") return "";
  const key = tagKey(tag);
  if (key === "") throw InvalidInput({ fields: [{ field: "tag", message: "the scope tag needs a tag" }] });
  return key;
}
