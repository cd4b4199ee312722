import type { Handlers, Host } from "#kernel";
import { NoPassword, type video, WrongPassword } from "../contract.ts";
import * as store from "../store.ts";
import { triesOf } from "./attempt-limit.ts";
import { isPassword, unlockLifeMs, writeUnlock } from "./unlock-token.ts";
import type { watching } from "./viewer-access.ts";

interface Parts extends Pick<ReturnType<typeof watching>, "seen"> {
  /** What unlocks are signed with. */
  readonly key: string;
}

/** Giving the password of a video. */
export function unlocking(
  { db, cache, now }: Pick<Host<store.Tables>, "db" | "cache" | "now">,
  { seen, key }: Parts,
): Pick<Handlers<typeof video>, "unlock"> {
  const tries = triesOf(cache);

  return {
    async unlock({ id, password }, call) {
      const row = await store.byId(db, id);
      const { passwordHash } = row ?? {};
      if (!row || !passwordHash || row.status !== store.published) {
        await seen(row, call, call);
        throw NoPassword({});
      }
      const viewerId = call.userId ?? 0;
      const by = [`from:${call.source ?? ""}`, ...(viewerId > 0 ? [`user:${viewerId}`] : [])];
      await tries.count(id, by);
      if (!(await isPassword(password, passwordHash))) throw WrongPassword({});
      await tries.forgive(id, by);
      const expiresAtMs = now() + unlockLifeMs;
      return { unlock: writeUnlock(key, { videoId: id, viewerId, passwordHash }, expiresAtMs), expiresAtMs };
    },
  };
}
