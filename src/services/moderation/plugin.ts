import { audited, type Call, callerOf, type Host, type Id, on, plugin, type Tx } from "#kernel";
import { countsOf } from "#kernel/db/counts";
import { firstCharacters } from "#kernel/text";
import { auth, BadToken, userRegistered, userRoleChanged } from "#services/auth/contract";
import { erase, userErased } from "#policy/deleted-users";
import { commentCreated, commentDeleted, danmakuCreated, interaction } from "#services/interaction/contract";
import { hashtag } from "#services/hashtag/contract";
import { type Message, message, MessageNotFound } from "#services/message/contract";
import { user } from "#services/user/contract";
import {
  playlistDeleted,
  playlistUpdated,
  video,
  videoDeleted,
  videoPublished,
  videoUpdated,
} from "#services/video/contract";
import * as auditStore from "./audit-store.ts";
import * as caseStore from "./case-store.ts";
import { comparing } from "./reconciliation.ts";
import {
  AppealedAlready,
  CaseNotFound,
  contentApproved,
  contentFlagged,
  contentRemoved,
  contentRestored,
  decisionMade,
  excerptMax,
  moderation,
  reportsPerHour,
  TooManyReports,
  YourOwn,
} from "./contract.ts";
import { blocklistChanged } from "#policy/blocklist";
import { userBanned, userMuted, userUnbanned, userUnmuted } from "#policy/mutes";
import { judging, openCase, shownCases } from "./verdicts.ts";
import { migrations } from "./migrations.ts";
import * as store from "./store.ts";
import { playlistThing, saidThing, videoThing } from "./things.ts";
import { watching } from "./blocklist.ts";

type Tables = store.Tables;
const hourMs = 3_600_000;
/** Late news of somebody who is gone comes within this time. */
const goneKeptMs = 24 * hourMs;
const messageThing = { kind: "message", video_id: null, is_shown: true, version: 1 } as const;
const shapes = ["", "", "picture", "video", "voice"] as const;
/** What a moderator reads of a message; what is not text by its kind. */
const excerptOf = ({ content, type }: Message): string =>
  firstCharacters(content || `(${shapes[type] ?? "message"})`, excerptMax);

export const moderationPlugin = plugin({
  contract: moderation,
  needs: [auth, user, video, interaction, hashtag, message],
  migrations,
  events: [
    audited,
    userErased,
    userMuted,
    userUnmuted,
    userBanned,
    userUnbanned,
    contentRemoved,
    contentRestored,
    contentApproved,
    decisionMade,
    blocklistChanged,
  ],
  start(host: Host<Tables>) {
    const { db, emit, now, nextId, client, call } = host;
    const judges = judging({ db, emit, now, nextId });

    /** A private message, told by one of the two whose it is; undefined for everybody else, as where there is none. */
    async function told(id: Id, { userId, role, traceId, signal }: Call): Promise<Message | undefined> {
      const asked = call({ traceId, signal, ...(userId !== undefined && { userId }), ...(role && { role }) });
      return client(message)
        .get({ id }, asked)
        .catch((error: unknown) => {
          if ((error as { code?: unknown }).code === MessageNotFound.code) return undefined;
          throw error;
        });
    }

    const appealOf = (row: {
      appealText: string | null;
      appealState: "open" | "accepted" | "refused" | null;
      appealAnswer: string | null;
      appealedAtMs: number | null;
    }) =>
      row.appealState === null
        ? null
        : {
            text: row.appealText ?? "",
            state: row.appealState,
            answer: row.appealAnswer ?? "",
            createdAtMs: row.appealedAtMs ?? 0,
          };

    return {
      handlers: {
        ...judges.handlers,
        ...watching({ db, emit, now, nextId }),

        async report({ kind, id, reason, text }, asked) {
          const reporterId = callerOf(asked);
          const [caseId, reportId] = [nextId(), nextId()];
          const said = kind === "message" ? await told(id, asked) : undefined;
          return db.tx(async (tx) => {
            // Moderators read of what is private what somebody it was written to showed them, and nothing else.
            if (said)
              await store.noteThing(tx, { ...messageThing, id, author_id: said.senderId, excerpt: excerptOf(said) });
            // One's reports are counted one after the other.
            if (!(await store.lockPerson(tx, reporterId))) throw BadToken({});
            const row = await openCase(tx, { caseId, kind, id }, now());
            if (row.authorId === reporterId) throw YourOwn({});
            const report = {
              id: reportId,
              case_id: row.id,
              reporter_id: reporterId,
              reason,
              text,
              created_at_ms: now(),
            };
            const { count, firstMs } = await caseStore.madeSince(tx, reporterId, now() - hourMs);
            if ((await caseStore.addReport(tx, report)) && count >= reportsPerHour)
              throw TooManyReports({ retryAfterMs: Math.max(1_000, firstMs + hourMs - now()) });
            return caseStore.mineOf(tx, reporterId, row.id);
          });
        },
        reports: (page, asked) => caseStore.mine(db.read(asked), callerOf(asked), page),

        async decisions(page, asked) {
          const { items, ...rest } = await caseStore.decisionsFor(db.read(asked), callerOf(asked), page);
          return {
            ...rest,
            items: items.map((row) => ({
              ...row,
              action: row.action ?? "dismiss",
              decidedAtMs: row.decidedAtMs ?? row.createdAtMs,
              appeal: appealOf(row),
            })),
          };
        },

        async appeal({ caseId, text }, asked) {
          const userId = callerOf(asked);
          return db.answer(async (tx) => {
            const row = await caseStore.lock(tx, caseId);
            if (row?.authorId !== userId || row.state !== "decided" || row.action === "dismiss") throw CaseNotFound({});
            const isFirst = await caseStore.addAppeal(tx, {
              case_id: caseId,
              user_id: userId,
              text,
              created_at_ms: now(),
            });
            if (!isFirst) throw AppealedAlready({});
            return {};
          });
        },

        async queue({ state, kind, held, sort, ...page }) {
          const { items, ...rest } = await caseStore.queue(db, { state, kind, held, sort }, page);
          return { ...rest, items: await shownCases(db, items) };
        },
        async caseReports({ id, ...page }) {
          if (!(await caseStore.byId(db, id))) throw CaseNotFound({});
          return caseStore.reportsOf(db, id, page);
        },
        async appeals({ state, ...page }) {
          const { items, ...rest } = await caseStore.appeals(db, state, page);
          const shown = await shownCases(db, items);
          return {
            ...rest,
            items: shown.flatMap((row, place) => {
              const asked = items[place];
              const appeal = asked && appealOf(asked);
              return appeal ? [{ ...row, appeal }] : [];
            }),
          };
        },
        standing: async ({ id }) => ({ items: await store.measuresOf(db, id, now()) }),

        audit: ({ act, actorId, subjectId, sinceMs, beforeMs, ...page }, asked) =>
          auditStore.entries(db.read(asked), { act, actorId, subjectId, sinceMs, beforeMs }, page),
      },

      subscriptions: [
        on(audited, (tx: Tx<Tables>, { act, actorId, subject, detail, atMs }) =>
          auditStore
            .keep(tx, {
              id: nextId(),
              act,
              actor_id: actorId ?? null,
              subject_kind: subject?.kind ?? null,
              subject_id: subject?.id ?? null,
              detail: detail ?? "",
              at_ms: atMs,
            })
            .then(() => undefined),
        ),
        on(
          userRegistered,
          async (tx: Tx<Tables>, { userId, role = "user" }) => void (await store.noteRole(tx, userId, role)),
        ),
        on(userRoleChanged, async (tx: Tx<Tables>, { userId, role }) => void (await store.noteRole(tx, userId, role))),
        on(videoPublished, async (tx: Tx<Tables>, told) => void (await store.noteThing(tx, videoThing(told)))),
        on(videoUpdated, async (tx: Tx<Tables>, told) => void (await store.noteThing(tx, videoThing(told)))),
        on(videoDeleted, async (tx: Tx<Tables>, { videoId }) => {
          await store.forgetThing(tx, "video", videoId);
          await store.forgetUnder(tx, videoId);
        }),
        on(playlistUpdated, async (tx: Tx<Tables>, told) => void (await store.noteThing(tx, playlistThing(told)))),
        on(
          playlistDeleted,
          async (tx: Tx<Tables>, { playlistId }) => void (await store.forgetThing(tx, "playlist", playlistId)),
        ),
        on(commentCreated, async (tx: Tx<Tables>, { commentId, ...said }) => {
          await store.noteThing(tx, saidThing("comment", { ...said, id: commentId }));
        }),
        on(commentDeleted, async (tx: Tx<Tables>, { commentId, isAside }) => {
          if (!isAside) await store.forgetThing(tx, "comment", commentId);
        }),
        on(danmakuCreated, async (tx: Tx<Tables>, { danmakuId, ...said }) => {
          await store.noteThing(tx, saidThing("danmaku", { ...said, id: danmakuId }));
        }),
        on(contentFlagged, async (tx: Tx<Tables>, { kind, id, authorId, videoId, excerpt, heldFor, isHeld, atMs }) => {
          if (!(await store.lockPerson(tx, authorId))) return;
          const row = await caseStore.open(tx, {
            id: nextId(),
            kind,
            thing_id: id,
            author_id: authorId,
            video_id: videoId,
            excerpt,
            created_at_ms: atMs,
          });
          await caseStore.flag(tx, row.id, heldFor, isHeld);
        }),
        erase("moderation", emit, (tx: Tx<Tables>, { userId }) => store.forgetPerson(tx, userId, now())),
      ],

      schedules: [
        { name: "moderation.ends", pattern: "* * * * *", run: () => judges.endOver() },
        {
          // A thread goes with its top, and only the top is told of.
          name: "moderation.things",
          pattern: "43 4 * * *",
          async run() {
            const { things } = comparing(host);
            for (const part of things) for await (const _ of part.repair(call({ waitMs: hourMs })));
          },
        },
        {
          name: "moderation.forget",
          pattern: "19 4 * * *",
          run: async () => void (await db.tx((tx) => store.forgetGone(tx, now() - goneKeptMs))),
        },
      ],
    };
  },
  derived: (host) => [countsOf(host.db, caseStore.counts), ...comparing(host).all],
});
