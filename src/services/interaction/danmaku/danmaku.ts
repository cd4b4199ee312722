import { audited, type Call, callerOf, type Host, type Id } from "#kernel";
import { can } from "#policy/can";
import { mustBeThere } from "#services/auth/contract";
import { WordsRefused } from "#policy/blocklist";
import { VideoNotFound } from "#services/video/contract";
import type { z } from "zod";
import {
  CommentsOff,
  type Danmaku,
  type DanmakuFilters,
  DanmakuNotFound,
  danmakuCreated,
  danmakuModes,
  type interaction,
  NotYourComment,
  PastTheEnd,
  stretchMs,
  TooManyHidden,
} from "../contract.ts";
import * as danmakuStore from "./danmaku-store.ts";
import { thinned, wanted } from "./density.ts";
import type { Seen } from "../access.ts";
import type { speakingOf } from "../posting/posting-policy.ts";
import type { Tables } from "../store.ts";

type SayAt = z.output<(typeof interaction)["methods"]["sayAt"]["input"]>;
type Filters = z.output<typeof DanmakuFilters>;
/** What is read of one second before it is filtered and thinned: filters may hide most of it. */
const perSecondReadMax = 60;
/** Whom one viewer hides without knowing who they are. */
const hiddenMax = 500;

export function danmakuOf(
  { db, emit, nextId, now }: Host<Tables>,
  seen: Seen,
  { heldFor }: ReturnType<typeof speakingOf>,
) {
  const filtersOf = async (userId: Id, call: Call) => {
    const reader = db.read(call);
    const [{ modes, ...rest }, hiddenIds] = await Promise.all([
      danmakuStore.filtersOf(reader, userId),
      danmakuStore.hiddenBy(reader, userId),
    ]);
    return { ...rest, modes: danmakuModes.filter((mode) => modes.includes(mode)), hiddenIds };
  };
  /** What is told of them: how many were hidden without being named, and not who. */
  const toldTo = async (userId: Id, call: Call) => {
    const { hiddenIds, ...filters } = await filtersOf(userId, call);
    return { ...filters, hiddenCount: hiddenIds.length };
  };

  /** Whose video it is said on. @throws DanmakuNotFound where the caller may not see that. */
  const ownerOf = (videoId: Id, call: Call): Promise<Id> =>
    seen.author(videoId, call).catch((error: unknown) => {
      throw VideoNotFound.code === (error as { code?: unknown }).code ? DanmakuNotFound({}) : error;
    });
  /** @throws DanmakuNotFound where the caller does not meet it. */
  const mustMeet = async (id: Id, call: Call) => {
    const row = await danmakuStore.byId(db, id);
    if (!row) throw DanmakuNotFound({});
    await ownerOf(row.videoId, call);
    if ((await seen.hidden(call)).includes(row.userId)) throw DanmakuNotFound({});
  };

  return {
    async danmaku({ id, bucket }: { id: Id; bucket: number }, call: Call) {
      await seen.author(id, call);
      const from = bucket * stretchMs;
      const found = await danmakuStore.between(
        db.read(call),
        id,
        from,
        from + stretchMs,
        await seen.hidden(call),
        perSecondReadMax,
      );
      const { userId } = call;
      const filters = userId === undefined ? undefined : await filtersOf(userId, call);
      const wished = filters ? found.filter((one) => one.userId === userId || wanted(one, filters)) : found;
      const items = thinned(wished);
      return {
        items: items.map(({ userId: by, mode, ...one }) => ({ ...one, mode: modeOf(mode), isMine: by === userId })),
        isThinned: items.length < wished.length,
      };
    },

    async sayAt({ id, positionMs, content, color, mode }: SayAt, call: Call): Promise<z.input<typeof Danmaku>> {
      const userId = callerOf(call);
      const { userId: owner, allowComment, durationMs } = await seen.video(id, call);
      if (!allowComment) throw CommentsOff({});
      await seen.heard([owner], call);
      if (durationMs > 0 && positionMs > durationMs) throw PastTheEnd({});
      // A moment of a film does not wait for anybody.
      if ((await heldFor(content, call)) !== undefined) throw WordsRefused({});
      const danmakuId = nextId();
      return db.answer(async (tx) => {
        await mustBeThere(tx, userId);
        const isThere = await danmakuStore.insert(tx, {
          id: danmakuId,
          video_id: id,
          user_id: userId,
          position_ms: positionMs,
          content,
          color,
          mode,
          created_at_ms: now(),
        });
        if (!isThere) throw VideoNotFound({});
        await emit(tx, danmakuCreated, id, { danmakuId, videoId: id, userId, positionMs, content, atMs: now() });
        return { id: danmakuId, positionMs, content, color, mode, isMine: true };
      });
    },

    async unsayAt({ id }: { id: Id }, call: Call) {
      const row = await danmakuStore.byId(db, id);
      if (!row) throw DanmakuNotFound({});
      const owner = await ownerOf(row.videoId, call);
      const may = [row.userId, owner].some((ownerId) =>
        can(call, "delete", { ownerId, visibility: "public", isPublished: true }),
      );
      const judges = can(call, "moderate", { ownerId: row.userId, visibility: "public", isPublished: true });
      if (!may && !judges) throw NotYourComment({});
      await db.tx(async (tx) => {
        await danmakuStore.remove(tx, id);
        const actorId = callerOf(call);
        if (row.userId !== actorId)
          await emit(tx, audited, id, {
            act: "danmaku.removed",
            actorId,
            subject: { kind: "danmaku", id },
            atMs: now(),
          });
      });
      return {};
    },

    danmakuFilters: (_: object, call: Call) => toldTo(callerOf(call), call),

    async setDanmakuFilters({ words, userIds, modes }: Filters, call: Call) {
      const user_id = callerOf(call);
      await db.tx(async (tx) => {
        await mustBeThere(tx, user_id);
        await danmakuStore.setFilters(tx, { user_id, words, user_ids: userIds, modes });
      });
      return toldTo(user_id, call);
    },

    async hideAuthor({ id }: { id: Id }, call: Call) {
      await mustMeet(id, call);
      const userId = callerOf(call);
      await db.tx(async (tx) => {
        await mustBeThere(tx, userId);
        const said = await danmakuStore.held(tx, id);
        if (!said) throw DanmakuNotFound({});
        // One's own is always shown: there is nothing to hide.
        if (said.userId === userId) return;
        await danmakuStore.hide(tx, userId, said.userId);
        if ((await danmakuStore.hiddenBy(tx, userId)).length > hiddenMax) throw TooManyHidden({});
      });
      return toldTo(userId, call);
    },

    async showAuthor({ id }: { id: Id }, call: Call) {
      await mustMeet(id, call);
      const userId = callerOf(call);
      await db.tx(async (tx) => {
        const said = await danmakuStore.held(tx, id);
        if (!said) throw DanmakuNotFound({});
        await danmakuStore.letBack(tx, userId, said.userId);
      });
      return toldTo(userId, call);
    },

    async showAuthors(_: object, call: Call) {
      const userId = callerOf(call);
      await db.tx((tx) => danmakuStore.letBack(tx, userId));
      return toldTo(userId, call);
    },
  };
}

const modeOf = (mode: string) => danmakuModes.find((one) => one === mode) ?? "scroll";
