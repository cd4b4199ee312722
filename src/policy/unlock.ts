import type { Cache, Call, Id, KinoraError, RotatingKey } from "#kernel";
import { createAttemptLimit } from "./attempt-limit.ts";
import { isPassword, unlockLifeMs, writeUnlock } from "./unlock-token.ts";

interface Parts {
  readonly cache: Cache;
  readonly now: () => number;
  /** The key that signs unlock tokens. */
  readonly key: RotatingKey;
  /** The kind of the things, which names their attempts. */
  readonly kind: "video" | "live" | "playlist";
  readonly wrongPassword: () => KinoraError;
}

/** Exchanges the password of a thing for an unlock token. @throws wrongPassword, TooManyTries */
export type Unlock = (
  thing: { readonly id: Id; readonly passwordHash: string },
  password: string,
  call: Pick<Call, "userId" | "source">,
) => Promise<{ readonly unlock: string; readonly expiresAtMs: number }>;

export function createUnlock({ cache, now, key, kind, wrongPassword }: Parts): Unlock {
  const attempts = createAttemptLimit(cache, kind);

  return async ({ id, passwordHash }, password, { userId: viewerId = 0, source = "" }) => {
    const by = [`from:${source}`, ...(viewerId > 0 ? [`user:${viewerId}`] : [])];
    await attempts.count(id, by);
    if (!(await isPassword(password, passwordHash))) throw wrongPassword();
    await attempts.reset(id, by);
    const expiresAtMs = now() + unlockLifeMs;
    return { unlock: writeUnlock(key, { id, viewerId, passwordHash }, expiresAtMs), expiresAtMs };
  };
}
