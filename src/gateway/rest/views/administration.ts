import { Duration } from "#kernel";
import { Account } from "#services/auth/contract";
import { interaction } from "#services/interaction/contract";
import { InstanceChange } from "#services/instance/contract";
import { AuditEntry, Case, CaseNote, CaseReport } from "#services/moderation/contract";
import { DamagedObject } from "#services/transfer/contract";
import { UserBrief, user } from "#services/user/contract";
import { z } from "zod";
import { view, type ViewContext } from "../view.ts";
import { namesMax } from "./users.ts";

const Owner = UserBrief.pick({ id: true, username: true, nickname: true, avatar: true }).meta({ id: "Owner" });
type Owner = z.output<typeof Owner>;
const nameless = (id: number): Owner => ({ id, username: "", nickname: "", avatar: "" });

/** One look-up of names; accounts that do not answer are nameless. */
async function ownersOf(
  userIds: readonly (number | null)[],
  { client, call }: ViewContext,
): Promise<(id: number | null) => Owner | null> {
  const ids = [...new Set(userIds.flatMap((id) => id ?? []))].slice(0, namesMax);
  const { items } = ids.length === 0 ? { items: [] } : await client(user).briefs({ ids }, call);
  const owners = new Map(items.map((item) => [item.id, Owner.parse(item)]));
  return (id) => (id === null ? null : (owners.get(id) ?? nameless(id)));
}
const namelessOf = (id: number | null): Owner | null => (id === null ? null : nameless(id));

export const damagedView = view({
  id: "DamagedObject",
  base: DamagedObject,
  parts: [
    {
      name: "owners",
      adds: z.object({ users: z.array(Owner) }),
      none: ({ userIds }) => ({ users: userIds.map(nameless) }),
      async of(rows, context) {
        const ownerOf = await ownersOf(
          rows.flatMap(({ userIds }) => userIds),
          context,
        );
        return rows.map(({ userIds }) => ({ users: userIds.map(ownerOf) }));
      },
    },
  ],
});

/** An account with the name and the picture that its user chose. */
export const accountView = view({
  id: "Account",
  base: Account,
  parts: [
    {
      name: "profile",
      adds: Owner.pick({ nickname: true, avatar: true }),
      none: () => ({ nickname: "", avatar: "" }),
      async of(rows, context) {
        const ownerOf = await ownersOf(
          rows.map(({ id }) => id),
          context,
        );
        return rows.map(({ id }) => ({ nickname: ownerOf(id)?.nickname ?? "", avatar: ownerOf(id)?.avatar ?? "" }));
      },
    },
  ],
});

/** The author of the reported content, who works on it and who decided, and where it stands in its video; null where that is unknown, or at no moment. */
export const caseView = view({
  id: "ModerationCase",
  base: Case,
  parts: [
    {
      name: "person",
      adds: z.object({ author: Owner.nullable(), moderator: Owner.nullable(), assignee: Owner.nullable() }),
      none: ({ authorId, moderatorId, assigneeId }) => ({
        author: namelessOf(authorId),
        moderator: namelessOf(moderatorId),
        assignee: namelessOf(assigneeId),
      }),
      async of(rows, context) {
        const ownerOf = await ownersOf(
          rows.flatMap(({ authorId, moderatorId, assigneeId }) => [authorId, moderatorId, assigneeId]),
          context,
        );
        return rows.map(({ authorId, moderatorId, assigneeId }) => ({
          author: ownerOf(authorId),
          moderator: ownerOf(moderatorId),
          assignee: ownerOf(assigneeId),
        }));
      },
    },
    {
      name: "moment",
      adds: z.object({ positionMs: Duration.nullable() }),
      none: () => ({ positionMs: null }),
      async of(rows, { client, call }) {
        const isDanmaku = ({ kind }: Case) => kind === "danmaku";
        const ids = rows.filter(isDanmaku).map(({ thingId }) => thingId);
        const { items } = ids.length === 0 ? { items: [] } : await client(interaction).danmakuPositions({ ids }, call);
        const moments = new Map(items.map(({ id, positionMs }) => [id, positionMs]));
        return rows.map((row) => ({ positionMs: isDanmaku(row) ? (moments.get(row.thingId) ?? null) : null }));
      },
    },
  ],
});

/** An account that an entry of the audit trail names by its number; of a deleted one, that is all there is. */
const AuditAccount = UserBrief.pick({ id: true, username: true, nickname: true, avatar: true })
  .extend({ isDeleted: z.boolean() })
  .meta({ id: "AuditAccount" });
const accountWithoutName = (id: number | null, isDeleted: boolean): z.output<typeof AuditAccount> | null =>
  id === null ? null : { id, username: "", nickname: "", avatar: "", isDeleted };
const accountSubject = ({ subjectKind, subjectId }: z.output<typeof AuditEntry>) =>
  subjectKind === "user" ? subjectId : null;

/** The names of actors, and of subjects that are accounts: one query for both. */
export const auditView = view({
  id: "AuditEntry",
  base: AuditEntry,
  parts: [
    {
      name: "accounts",
      adds: z.object({ actor: AuditAccount.nullable(), subject: AuditAccount.nullable() }),
      // It is unknown here whether they still exist.
      none: (row) => ({
        actor: accountWithoutName(row.actorId, false),
        subject: accountWithoutName(accountSubject(row), false),
      }),
      async of(rows, { client, call }) {
        const ids = [...new Set(rows.flatMap((row) => [row.actorId ?? [], accountSubject(row) ?? []].flat()))];
        const { items } = ids.length === 0 ? { items: [] } : await client(user).briefs({ ids }, call);
        const accounts = new Map(items.map((item) => [item.id, AuditAccount.parse({ ...item, isDeleted: false })]));
        const accountOf = (id: number | null) => accounts.get(id ?? 0) ?? accountWithoutName(id, true);
        return rows.map((row) => ({ actor: accountOf(row.actorId), subject: accountOf(accountSubject(row)) }));
      },
    },
  ],
});

export const caseReportView = view({
  id: "CaseReport",
  base: CaseReport,
  parts: [
    {
      name: "reporter",
      adds: z.object({ reporter: Owner }),
      none: ({ reporterId }) => ({ reporter: nameless(reporterId) }),
      async of(rows, context) {
        const ownerOf = await ownersOf(
          rows.map(({ reporterId }) => reporterId),
          context,
        );
        return rows.map(({ reporterId }) => ({ reporter: ownerOf(reporterId) }));
      },
    },
  ],
});

export const caseNoteView = view({
  id: "CaseNote",
  base: CaseNote,
  parts: [
    {
      name: "author",
      adds: z.object({ author: Owner.nullable() }),
      none: ({ authorId }) => ({ author: namelessOf(authorId) }),
      async of(rows, context) {
        const ownerOf = await ownersOf(
          rows.map(({ authorId }) => authorId),
          context,
        );
        return rows.map(({ authorId }) => ({ author: ownerOf(authorId) }));
      },
    },
  ],
});

/** The administrator who changed the settings. */
export const instanceChangeView = view({
  id: "InstanceChange",
  base: InstanceChange,
  parts: [
    {
      name: "actor",
      adds: z.object({ actor: Owner }),
      none: ({ actorId }) => ({ actor: nameless(actorId) }),
      async of(rows, context) {
        const ownerOf = await ownersOf(
          rows.map(({ actorId }) => actorId),
          context,
        );
        return rows.map(({ actorId }) => ({ actor: ownerOf(actorId) }));
      },
    },
  ],
});
