import { callerOf, type Handlers, type Host } from "#kernel";
import * as accountStore from "../account-store.ts";
import { recordAct } from "../audit.ts";
import { type auth, SessionNotFound } from "../contract.ts";
import type { Tables } from "../store.ts";

/** Users see and end their own sessions. */
export function createOwnSessions(
  host: Pick<Host<Tables>, "db" | "emit" | "now">,
): Pick<Handlers<typeof auth>, "sessions" | "endSession" | "logout" | "signOut" | "endOthers"> {
  const { db, now } = host;

  const signOut: Handlers<typeof auth>["logout"] = async (_, call) => {
    const [userId, { sessionId }] = [callerOf(call), call];
    if (sessionId === undefined) return {};
    await db.tx(async (tx) => {
      const count = await accountStore.endSessions(tx, userId, now(), { only: sessionId });
      if (count > 0) await recordAct(host, tx, userId, "session.ended", { actorId: userId });
    });
    return {};
  };

  return {
    logout: signOut,
    signOut,

    async sessions(_, call) {
      const open = await accountStore.openSessions(db, callerOf(call), now());
      return { items: open.map((session) => ({ ...session, isCurrent: session.id === call.sessionId })) };
    },

    async endSession({ id }, call) {
      const userId = callerOf(call);
      await db.tx(async (tx) => {
        if ((await accountStore.endSessions(tx, userId, now(), { only: id })) === 0) throw SessionNotFound({});
        await recordAct(host, tx, userId, "session.ended", { actorId: userId });
      });
      return {};
    },

    async endOthers(_, call) {
      const userId = callerOf(call);
      const count = await db.tx(async (tx) => {
        const ended = await accountStore.endSessions(tx, userId, now(), { but: call.sessionId });
        if (ended > 0) await recordAct(host, tx, userId, "session.ended", { actorId: userId });
        return ended;
      });
      return { count };
    },
  };
}
