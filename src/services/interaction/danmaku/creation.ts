import { requireAccount } from "#policy/account";
import { danmakuCreated } from "#events/interaction";
import { type Call, callerOf, type Host } from "#kernel";
import { WordsRefused } from "#policy/copies/blocklist";
import { VideoNotFound } from "#services/video/contract";
import type { z } from "zod";
import type { ViewerAccess } from "../access.ts";
import { CommentsOff, type Danmaku, type interaction, PastTheEnd } from "../contract.ts";
import type { PostingPolicy } from "../posting/posting-policy.ts";
import type { Tables } from "../store.ts";
import * as danmakuStore from "./danmaku-store.ts";

type SayAt = z.output<(typeof interaction)["methods"]["sayAt"]["input"]>;

export const createDanmakuCreation = (
  { db, emit, nextId, now }: Pick<Host<Tables>, "db" | "emit" | "nextId" | "now">,
  access: ViewerAccess,
  { heldFor }: PostingPolicy,
) => ({
  async sayAt({ id, positionMs, content, color, mode }: SayAt, call: Call): Promise<z.input<typeof Danmaku>> {
    const userId = callerOf(call);
    const { userId: owner, allowComment, durationMs } = await access.video(id, call);
    if (!allowComment) throw CommentsOff({});
    await access.requireNoBlock([owner], call);
    if (durationMs > 0 && positionMs > durationMs) throw PastTheEnd({});
    // Danmaku are refused, not held: their moment in the video passes before a moderator decides.
    if ((await heldFor(content, call)) !== undefined) throw WordsRefused({});
    const danmakuId = nextId();
    return db.answer(async (tx) => {
      await requireAccount(tx, userId);
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
});
