import type { Id } from "#kernel";
import * as clips from "./clip-store.ts";
import * as recordings from "./recording-store.ts";
import { positionOf } from "./timeline.ts";
import type { LiveHost } from "../../settings.ts";
import * as store from "../../room/log/message-store.ts";
import { presentMessage } from "../../room/log/presenter.ts";

const pageMax = 500;

/** The chat of a room for the video of its recording, or for that of a clip. */
export function createRecordedChat({ db }: LiveHost) {
  return {
    async recordedChat({ id, videoId, after }: { id: Id; videoId: Id; after: number }) {
      const recording = await recordings.timelineOfVideo(db, id, videoId);
      const timeline = recording ?? (await clips.timelineOfVideo(db, id, videoId));
      if (!timeline) return { items: [], next: null };
      // Messages from before the first segment of a clip are not replayed over it.
      const sinceMs = recording ? 0 : (timeline[0]?.atMs ?? 0);
      const rows = await store.chatAfter(db, id, { after, sinceMs }, pageMax);
      const items = rows.map(presentMessage).flatMap(({ seq, userId, content, createdAtMs }) => {
        const positionMs = positionOf(timeline, createdAtMs);
        return userId === 0 || positionMs === undefined ? [] : [{ seq, userId, positionMs, content, createdAtMs }];
      });
      return { items, next: rows.length < pageMax ? null : (rows.at(-1)?.seq ?? null) };
    },
  };
}
