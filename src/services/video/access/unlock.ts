import type { Handlers, Host, RotatingKey } from "#kernel";
import { NoPassword, type video, WrongPassword } from "../contract.ts";
import * as store from "../store.ts";
import { createAttemptLimit } from "#policy/attempt-limit";
import { isPassword, unlockLifeMs, writeUnlock } from "#policy/unlock-token";
import type { ViewerAccess } from "./viewer-access.ts";

interface Parts extends Pick<ViewerAccess, "requireVisible"> {
  /** The key that signs unlock tokens. */
  readonly key: RotatingKey;
}

/** Exchanges the password of a video for an unlock token. */
export function createPasswordUnlock(
  { db, cache, now }: Pick<Host<store.Tables>, "db" | "cache" | "now">,
  { requireVisible, key }: Parts,
): Pick<Handlers<typeof video>, "unlock"> {
  const attempts = createAttemptLimit(cache, "video");

  return {
    async unlock({ id, password }, call) {
      const row = await store.byId(db, id);
      const { passwordHash } = row ?? {};
      if (!row || !passwordHash || row.status !== store.published) {
        await requireVisible(row, call, call);
        throw NoPassword({});
      }
      const viewerId = call.userId ?? 0;
      const by = [`from:${call.source ?? ""}`, ...(viewerId > 0 ? [`user:${viewerId}`] : [])];
      await attempts.count(id, by);
      if (!(await isPassword(password, passwordHash))) throw WrongPassword({});
      await attempts.reset(id, by);
      const expiresAtMs = now() + unlockLifeMs;
      return { unlock: writeUnlock(key, { id, viewerId, passwordHash }, expiresAtMs), expiresAtMs };
    },
  };
}
