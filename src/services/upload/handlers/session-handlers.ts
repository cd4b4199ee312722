import { callerOf, type Handlers } from "#kernel";
import type { Completion } from "../completion/completion.ts";
import { UploadNotFound, type upload } from "../contract.ts";
import type { UploadHost } from "../settings.ts";
import * as pieceStore from "../sessions/piece-store.ts";
import { sessionOf } from "../sessions/presenter.ts";
import * as sessionStore from "../sessions/session-store.ts";
import type { Sessions } from "../sessions/sessions.ts";

/** Sessions, for the gateway: every upload endpoint works on them. */
export const createSessionHandlers = (
  { db }: UploadHost,
  sessions: Sessions,
  completion: Completion,
): Pick<Handlers<typeof upload>, "open" | "session" | "announce" | "finish" | "abandon"> => ({
  open: (input, call) =>
    db.answer(async (tx) => {
      const { row, bytesMax } = await sessions.open(tx, input, call);
      return { session: sessionOf(row), bytesMax };
    }),

  async session({ id, endpoint, hash, isBrief }, call) {
    const userId = callerOf(call);
    const row =
      id !== undefined
        ? await sessionStore.session(db, id, userId)
        : endpoint && hash && (await sessionStore.sessionByHash(db, userId, endpoint, hash));
    if (!row || (endpoint && row.endpoint !== endpoint)) throw UploadNotFound({});
    const pieces = isBrief ? [] : await pieceStore.pieces(db, row.id);
    return { session: sessionOf(row), indexes: pieces.map(({ position }) => position) };
  },

  async announce(input, call) {
    await sessions.announce(input, call);
    return {};
  },

  finish: (input, call) => completion.finish(input, call),

  async abandon({ id }, call) {
    const userId = callerOf(call);
    await db.tx((tx) => sessionStore.release(tx, id, userId));
    return {};
  },
});
