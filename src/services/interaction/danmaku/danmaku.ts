import type { Call, Host, Id } from "#kernel";
import type { ViewerAccess } from "../access.ts";
import { danmakuModes, bucketMs } from "../contract.ts";
import type { PostingPolicy } from "../posting/posting-policy.ts";
import type { Tables } from "../store.ts";
import { createDanmakuCreation } from "./creation.ts";
import * as danmakuStore from "./danmaku-store.ts";
import { thin, passesFilters } from "./density.ts";
import { createDanmakuFilters, filtersOf } from "./filters.ts";
import { createDanmakuRemoval } from "./removal.ts";

/** Rows that are read of one second before filters and thinning, which may drop most of them. */
const perSecondReadMax = 60;

export const createDanmaku = (host: Host<Tables>, access: ViewerAccess, posting: PostingPolicy) => ({
  ...createDanmakuStretch(host, access),
  danmakuPositions: async ({ ids }: { ids: readonly Id[] }) => ({
    items: await danmakuStore.positions(host.db, ids),
  }),
  ...createDanmakuCreation(host, access, posting),
  ...createDanmakuRemoval(host, access),
  ...createDanmakuFilters(host, access),
});

/** The danmaku of one stretch of a video, filtered and thinned for a viewer. */
const createDanmakuStretch = ({ db }: Pick<Host<Tables>, "db">, access: ViewerAccess) => ({
  async danmaku({ id, bucket }: { id: Id; bucket: number }, call: Call) {
    await access.author(id, call);
    const fromMs = bucket * bucketMs;
    const hidden = await access.hiddenUsers(call);
    const rows = await danmakuStore.between(db.read(call), id, fromMs, fromMs + bucketMs, hidden, perSecondReadMax);
    const { userId } = call;
    const filters = userId === undefined ? undefined : await filtersOf({ db }, userId, call);
    const unfiltered = filters ? rows.filter((row) => row.userId === userId || passesFilters(row, filters)) : rows;
    const items = thin(unfiltered);
    return {
      items: items.map(({ userId: authorId, mode, ...danmaku }) => ({
        ...danmaku,
        mode: modeOf(mode),
        isMine: authorId === userId,
      })),
      isThinned: items.length < unfiltered.length,
    };
  },
});

export const modeOf = (stored: string) => danmakuModes.find((mode) => mode === stored) ?? "scroll";
