import { ask } from "#base/api/request/client.ts";
import { keepUnlock, lockedLive } from "#base/api/request/unlocks.ts";
import type { LockableThing } from "./queries.ts";

/** Exchanges the password of a thing for its unlock, which is sent with requests about it from then on. */
export async function unlockThing({ kind, id }: LockableThing, password: string): Promise<void> {
  const request = { path: { id }, body: { password } };
  const { unlock } = await (kind === "live" ? ask("live.unlock", request) : ask("video.unlock", request));
  keepUnlock(kind === "live" ? lockedLive(id) : String(id), unlock);
}
