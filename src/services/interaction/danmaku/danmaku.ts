import type { Call, Host, Id } from "#kernel";
import type { Seen } from "../access.ts";
import { danmakuModes, stretchMs } from "../contract.ts";
import type { speakingOf } from "../posting/posting-policy.ts";
import type { Tables } from "../store.ts";
import { danmakuCreationOf } from "./creation.ts";
import * as danmakuStore from "./danmaku-store.ts";
import { thinned, wanted } from "./density.ts";
import { danmakuFiltersOf, filtersOf } from "./filters.ts";
import { danmakuRemovalOf } from "./removal.ts";

/** Rows that are read of one second before filters and thinning, which may drop most of them. */
const perSecondReadMax = 60;

export const danmakuOf = (host: Host<Tables>, seen: Seen, posting: ReturnType<typeof speakingOf>) => ({
  ...danmakuStretchOf(host, seen),
  ...danmakuCreationOf(host, seen, posting),
  ...danmakuRemovalOf(host, seen),
  ...danmakuFiltersOf(host, seen),
});

/** The danmaku of one stretch of a video, filtered and thinned for a viewer. */
const danmakuStretchOf = ({ db }: Pick<Host<Tables>, "db">, seen: Seen) => ({
  async danmaku({ id, bucket }: { id: Id; bucket: number }, call: Call) {
    await seen.author(id, call);
    const fromMs = bucket * stretchMs;
    const hidden = await seen.hidden(call);
    const rows = await danmakuStore.between(db.read(call), id, fromMs, fromMs + stretchMs, hidden, perSecondReadMax);
    const { userId } = call;
    const filters = userId === undefined ? undefined : await filtersOf({ db }, userId, call);
    const unfiltered = filters ? rows.filter((row) => row.userId === userId || wanted(row, filters)) : rows;
    const items = thinned(unfiltered);
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

const modeOf = (stored: string) => danmakuModes.find((mode) => mode === stored) ?? "scroll";
