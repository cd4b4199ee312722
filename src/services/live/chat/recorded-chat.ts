import type { Id } from "#kernel";
import { timelineOfVideo } from "../recording/recording-store.ts";
import { positionOf } from "../recording/timeline.ts";
import type { LiveHost } from "../settings.ts";
import * as store from "./message-store.ts";
import { presentMessage } from "./presenter.ts";

const pageMax = 500;

/** The chat of a room for the video of its recording. */
export function recordedChat({ db }: LiveHost) {
  return {
    async recordedChat({ id, videoId, after }: { id: Id; videoId: Id; after: number }) {
      const timeline = await timelineOfVideo(db, id, videoId);
      if (!timeline) return { items: [], next: null };
      const rows = await store.chatAfter(db, id, after, pageMax);
      const items = rows.map(presentMessage).flatMap(({ seq, userId, content, createdAtMs }) => {
        const positionMs = positionOf(timeline, createdAtMs);
        return userId === 0 || positionMs === undefined ? [] : [{ seq, userId, positionMs, content, createdAtMs }];
      });
      return { items, next: rows.length < pageMax ? null : (rows.at(-1)?.seq ?? null) };
    },
  };
}
