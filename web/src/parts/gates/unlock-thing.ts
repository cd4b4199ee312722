import { ask } from "#base/api/request/client.ts";
import { keepUnlock, lockedLive, lockedPlaylist } from "#base/api/request/unlocks.ts";
import type { LockableThing } from "./queries.ts";

const operations = { video: "video.unlock", live: "live.unlock", playlist: "video.unlockPlaylist" } as const;
const subjects = { video: String, live: lockedLive, playlist: lockedPlaylist } as const;

/** Exchanges the password of a thing for its unlock, which is sent with requests about it from then on. */
export async function unlockThing({ kind, id }: LockableThing, password: string): Promise<void> {
  const { unlock } = await ask(operations[kind], { path: { id }, body: { password } });
  keepUnlock(subjects[kind](id), unlock);
}
