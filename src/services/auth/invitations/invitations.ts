import { callerOf, type Handlers, type Host, type Id, type Role, type Tx } from "#kernel";
import { emailKey } from "#kernel/text";
import { recordAct } from "../audit.ts";
import { type auth, InvitationNotFound, InvitingDenied } from "../contract.ts";
import * as mailStore from "../mail/mail-store.ts";
import * as registrationStore from "../registration-store.ts";
import type { Settings } from "../settings.ts";
import type { Db, Tables } from "../store.ts";
import { hashSecret } from "../tokens.ts";
import * as invitationStore from "./invitation-store.ts";

const dayMs = 24 * 3_600_000;

/** Invitations to sign up: moderators make them, and users where the instance lets them. */
export function createInvitations(
  host: Pick<Host<Tables, Settings>, "db" | "emit" | "nextId" | "now" | "random" | "settings">,
): Pick<Handlers<typeof auth>, "invite" | "invitations" | "endInvitation" | "checkInvitation"> {
  const { db, nextId, now, random, settings } = host;

  return {
    async invite({ uses, expiresInDays, email, note, skipsApproval }, call) {
      const userId = callerOf(call);
      const isStaff = isModerator(call.role);
      if (!isStaff && (skipsApproval || !(await registrationStore.rules(db)).usersInvite)) throw InvitingDenied({});
      const code = random(16).toString("base64url");
      const createdAtMs = now();
      const expiresAtMs = createdAtMs + expiresInDays * dayMs;
      const id = nextId();
      await db.tx(async (tx) => {
        await invitationStore.insert(tx, {
          id,
          user_id: userId,
          code_hash: hashSecret(code),
          note,
          email: email ?? "",
          email_key: email === undefined ? null : emailKey(email),
          uses,
          skips_approval: skipsApproval,
          created_at_ms: createdAtMs,
          expires_at_ms: expiresAtMs,
        });
        await recordAct(host, tx, userId, "invitation.made", { actorId: userId, detail: String(uses) });
      });
      const url = `${settings.address}/signup?invitation=${code}`;
      return { id, code, url, note, email: email ?? "", uses, used: 0, skipsApproval, createdAtMs, expiresAtMs };
    },

    invitations: (page, call) => invitationStore.invitations(db, ownOnly(call.role, callerOf(call)), now(), page),

    async endInvitation({ id }, call) {
      const userId = callerOf(call);
      await db.tx(async (tx) => {
        if (!(await invitationStore.end(tx, id, ownOnly(call.role, userId), now()))) throw InvitationNotFound({});
        await recordAct(host, tx, userId, "invitation.ended", { actorId: userId });
      });
      return {};
    },

    async checkInvitation({ code }) {
      const [invitation, site] = await Promise.all([openInvitation(db, code, now()), mailStore.site(db)]);
      return {
        valid: invitation !== undefined,
        instance: site?.name ?? settings.siteName,
        note: invitation?.note ?? "",
        userId: invitation?.userId ?? null,
      };
    },
  };
}

const isModerator = (role: Role | undefined): boolean => role === "moderator" || role === "admin";
const ownOnly = (role: Role | undefined, userId: Id): Id | undefined => (isModerator(role) ? undefined : userId);

/** A user's invitation is good as long as users may invite. */
const isInForce = async (db: Db, { role }: invitationStore.OpenInvitation): Promise<boolean> =>
  isModerator(role) || (await registrationStore.rules(db)).usersInvite;

async function openInvitation(
  db: Db,
  code: string,
  nowMs: number,
): Promise<invitationStore.OpenInvitation | undefined> {
  const invitation = await invitationStore.openByCode(db, hashSecret(code), nowMs);
  return invitation && (await isInForce(db, invitation)) ? invitation : undefined;
}

/** An invitation of which a use was counted. */
export interface TakenInvitation {
  readonly id: Id;
  readonly skipsApproval: boolean;
}

/** Counts a use of an invitation; undefined for one that is spent, late, for another address, or unknown. */
export async function takeInvitation(
  tx: Tx<Tables>,
  code: string,
  address: string | null,
  nowMs: number,
): Promise<TakenInvitation | undefined> {
  const invitation = await invitationStore.take(tx, { codeHash: hashSecret(code), emailKey: address, nowMs });
  if (!invitation || !(await isInForce(tx, invitation))) return undefined;
  const { id, skipsApproval, role } = invitation;
  return { id, skipsApproval: skipsApproval && isModerator(role) };
}
