import type { Handlers, Host, RotatingKey } from "#kernel";
import { createUnlock } from "#policy/unlock";
import { NoPassword, type video, WrongPassword } from "../contract.ts";
import * as store from "../store.ts";
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
  const unlock = createUnlock({ cache, now, key, kind: "video", wrongPassword: () => WrongPassword({}) });

  return {
    async unlock({ id, password }, call) {
      const row = await store.byId(db, id);
      const { passwordHash } = row ?? {};
      if (!row || !passwordHash || row.status !== store.published) {
        await requireVisible(row, call, call);
        throw NoPassword({});
      }
      return unlock({ id, passwordHash }, password, call);
    },
  };
}
