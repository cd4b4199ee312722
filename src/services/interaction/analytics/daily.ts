import { type Call, type Host, type Id } from "#kernel";
import { can } from "#policy/can";
import { NotYourVideo } from "#services/video/contract";
import type { Day } from "../contract.ts";
import { dateOf, dayOf, daysSince, viewsSince } from "./day-store.ts";
import type { ViewerAccess } from "../access.ts";
import type { Tables } from "../store.ts";

const daysShown = 30;
/** The presence of viewers who reported within two minutes: they are watching. */
export const watchingTopic = "interaction:watching";

/** Views of all videos per day, and how many viewers watch now. */
export const createWatching = ({ db, now, cache }: Host<Tables>) => ({
  async watching({ sinceDay }: { sinceDay: number }) {
    const [days, { count }] = await Promise.all([viewsSince(db, sinceDay), cache.present(watchingTopic, 0)]);
    return { total: days.find(({ day }) => day === dayOf(now()))?.count ?? 0, days, now: count };
  },
});

/** Views and likes of a video per day, for its owner. */
export const createDays = ({ db, now }: Host<Tables>, access: ViewerAccess) => ({
  async days({ id }: { id: Id }, call: Call) {
    const { userId: ownerId } = await access.video(id, call);
    if (!can(call, "change", { ownerId, visibility: "private", isPublished: true })) throw NotYourVideo({});
    const first = dayOf(now()) - daysShown + 1;
    const counted = new Map((await daysSince(db.read(call), id, first)).map(({ day, ...counts }) => [day, counts]));
    const items = Array.from({ length: daysShown }, (_, place): Day => {
      const day = first + place;
      const { viewCount, likeCount } = counted.get(day) ?? { viewCount: 0, likeCount: 0 };
      return { date: dateOf(day), viewCount, likeCount };
    });
    return { items };
  },
});
