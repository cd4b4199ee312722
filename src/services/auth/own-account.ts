import { audited, type Call, callerOf, type Host, type Id, type Tx } from "#kernel";
import * as accountStore from "./account-store.ts";
import type { guard } from "./attempts.ts";
import { BadReset, BadToken, LastAdmin, SessionNotFound, WeakPassword, WrongPassword } from "./contract.ts";
import { userDeleted } from "#policy/deleted-users";
import { hashPassword, isPassword, isWeak } from "./passwords.ts";
import type { Tables } from "./store.ts";
import { hashed } from "./tokens.ts";

type Given = Pick<Host<Tables>, "db" | "emit" | "now"> & { readonly attempts: ReturnType<typeof guard> };

/** Removes accounts; everybody else hears of it, and gives a receipt. The last administrator stays. */
export async function removeAccounts(
  { emit, now }: Pick<Given, "emit" | "now">,
  tx: Tx<Tables>,
  userIds: readonly Id[],
  actorId?: Id,
): Promise<Id[]> {
  const gone = await accountStore.removeAccounts(tx, userIds, now());
  for (const userId of gone) {
    await emit(tx, userDeleted, userId, { userId });
    await emit(tx, audited, userId, {
      act: "user.deleted",
      subject: { kind: "user", id: userId },
      atMs: now(),
      ...(actorId !== undefined && { actorId }),
    });
  }
  return gone;
}

/** What people do with their own account. */
export function ownAccount({ db, emit, now, attempts }: Given) {
  const note = (tx: Tx<Tables>, userId: Id, act: string, detail?: string) =>
    emit(tx, audited, userId, {
      act,
      actorId: userId,
      subject: { kind: "user", id: userId },
      atMs: now(),
      ...(detail !== undefined && { detail }),
    });

  /** Guesses here count together with those of a log-in. @throws WrongPassword, TooManyAttempts */
  async function confirmed(password: string, { source }: Call, userId: Id) {
    const known = await accountStore.passwordOf(db, userId);
    if (!known) throw BadToken({});
    const refused = (detail?: string) => db.tx((tx) => note(tx, userId, "password.refused", detail));
    await attempts.count(known.nameKey, source, {
      ownerOf: async () => userId,
      note: () => refused("too many attempts"),
    });
    if (!(await isPassword(password, known.passwordHash))) {
      await refused();
      throw WrongPassword({});
    }
    await attempts.forgive(known.nameKey, source);
    return known;
  }

  return {
    async changePassword({ oldPassword, password }: { oldPassword: string; password: string }, asked: Call) {
      const userId = callerOf(asked);
      const { username, passwordHash } = await confirmed(oldPassword, asked, userId);
      if (isWeak(password, username)) throw WeakPassword({});
      const hash = await hashPassword(password);
      return db.answer(async (tx) => {
        if (!(await accountStore.lockConfirmed(tx, userId, passwordHash))) throw WrongPassword({});
        await accountStore.setPassword(tx, userId, hash);
        await accountStore.endSessions(tx, userId, now(), { but: asked.sessionId });
        await note(tx, userId, "password.changed");
        return {};
      });
    },

    async sessions(_: object, asked: Call) {
      const open = await accountStore.openSessions(db, callerOf(asked), now());
      return { items: open.map((one) => ({ ...one, isCurrent: one.id === asked.sessionId })) };
    },

    async endSession({ id }: { id: string }, asked: Call) {
      const userId = callerOf(asked);
      await db.tx(async (tx) => {
        if ((await accountStore.endSessions(tx, userId, now(), { only: id })) === 0) throw SessionNotFound({});
        await note(tx, userId, "session.ended");
      });
      return {};
    },

    async logout(_: object, asked: Call) {
      const [userId, { sessionId }] = [callerOf(asked), asked];
      if (sessionId === undefined) return {};
      await db.tx(async (tx) => {
        const ended = await accountStore.endSessions(tx, userId, now(), { only: sessionId });
        if (ended > 0) await note(tx, userId, "session.ended");
      });
      return {};
    },

    async endOthers(_: object, asked: Call) {
      const userId = callerOf(asked);
      const count = await db.tx(async (tx) => {
        const ended = await accountStore.endSessions(tx, userId, now(), { but: asked.sessionId });
        if (ended > 0) await note(tx, userId, "session.ended");
        return ended;
      });
      return { count };
    },

    async reset({ token, password }: { token: string; password: string }) {
      const tokenHash = hashed(token);
      const known = await accountStore.readReset(db, tokenHash);
      if (!known || known.expiresAtMs <= now()) throw BadReset({});
      if (isWeak(password, known.username)) throw WeakPassword({});
      const hash = await hashPassword(password);
      await db.tx(async (tx) => {
        const taken = await accountStore.takeReset(tx, tokenHash);
        if (!taken || taken.expiresAtMs <= now()) throw BadReset({});
        await accountStore.setPassword(tx, taken.userId, hash);
        await accountStore.endSessions(tx, taken.userId, now());
        await note(tx, taken.userId, "password.reset");
      });
      return {};
    },

    async deleteAccount({ password }: { password: string }, asked: Call) {
      const userId = callerOf(asked);
      const { passwordHash } = await confirmed(password, asked, userId);
      return db.answer(async (tx) => {
        const account = await accountStore.lockConfirmed(tx, userId, passwordHash);
        if (!account) throw WrongPassword({});
        if (account.role === "admin" && !(await accountStore.hasOtherAdmin(tx, userId))) throw LastAdmin({});
        await removeAccounts({ emit, now }, tx, [userId], userId);
        return {};
      });
    },
  };
}
