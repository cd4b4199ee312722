import type { Host, Id, Tx } from "#kernel";
import { emailKey } from "#kernel/text";
import type { z } from "zod";
import {
  AwaitingApproval,
  type auth,
  BadInvitation,
  BadName,
  DomainDenied,
  EmailMissing,
  EmailTaken,
  InvitationNeeded,
  NameTaken,
  RegistrationClosed,
} from "../contract.ts";
import * as invitationStore from "../invitations/invitation-store.ts";
import { type TakenInvitation, takeInvitation } from "../invitations/invitations.ts";
import type { AccountMails } from "../mail/account-mails.ts";
import { isName, nameKey } from "../names.ts";
import { hashPassword } from "../passwords/passwords.ts";
import type { Settings } from "../settings.ts";
import * as mailStore from "../mail/mail-store.ts";
import * as accountStore from "../account-store.ts";
import * as store from "../store.ts";
import type { RegistrationRules } from "./contract.ts";
import { isDomainAllowed } from "./domains.ts";
import { publishRegistered } from "./registered-event.ts";
import * as registrationStore from "../registration-store.ts";
import { isReservedName, isTakenFor } from "./reserved-names.ts";

type Methods = (typeof auth)["methods"];
type Registered = Omit<z.output<Methods["register"]["input"]>, "strict" | "work" | "invitation">;
type Ensured = z.output<Methods["ensure"]["input"]>;
/** Without a password it is signed in to by other ways. */
export type NewAccount = Pick<Ensured, "username"> & Partial<Omit<Registered & Ensured, "username">>;

/** A row without its id, which the transaction makes that inserts it. */
export type NewRow = Omit<
  store.Tables["auth.credentials"],
  | "user_id"
  | "state"
  | "state_until_ms"
  | "state_reason"
  | "application"
  | "email_verified_at_ms"
  | "email_due_at_ms"
  | "language"
  | "password_changed_at_ms"
> & {
  /** When the account ends unless its address is verified. */
  readonly email_due_at_ms?: number;
  /** Set where a provider vouches for the address. */
  readonly email_verified_at_ms?: number;
  readonly state: "active" | "pending";
  readonly application: string;
};

/** Columns by the input field they are made of: a new field of the contract without an entry is a type error. */
const columnsOf = ({ username, email, phone, nickname, role, isDemo, application }: Omit<NewAccount, "password">) =>
  ({
    username: { username, name_key: nameKey(username) },
    email: { email: email ?? null, email_key: email === undefined ? null : emailKey(email) },
    phone: { phone: phone ?? null },
    nickname: { nickname: nickname ?? null },
    role: { role: role ?? "user" },
    isDemo: { is_demo: isDemo ?? false },
    application: { application: application ?? "" },
  }) satisfies Record<Exclude<keyof NewAccount, "password">, Partial<NewRow>>;

/** An address that is required is verified within this time, or its account ends. */
export const verifiedWithinMs = 7 * 24 * 3_600_000;

/** Makes accounts, as far as the mode of registration allows. */
export interface NewAccounts {
  /** Hashing a password takes a while: no transaction waits for it. */
  readonly rowOf: (newAccount: NewAccount) => Promise<NewRow>;
  readonly insert: (tx: Tx<store.Tables>, row: NewRow) => Promise<Id>;
  readonly rules: () => Promise<RegistrationRules>;
  /** As {@link rowOf}. @throws BadName */
  readonly namedRowOf: (account: NewAccount) => Promise<NewRow>;
  /**
   * Makes the account; it is pending where a moderator has to approve it. `always` adds to it in either case.
   * @throws RegistrationClosed, AwaitingApproval, InvitationNeeded, BadInvitation, EmailMissing, DomainDenied; NameTaken
   * also where the name is reserved or passes for one of staff
   */
  readonly register: <R>(
    row: NewRow,
    invitation: string | undefined,
    afterInsert: (tx: Tx<store.Tables>, userId: Id) => Promise<R>,
    always?: (tx: Tx<store.Tables>, userId: Id) => Promise<void>,
  ) => Promise<R>;
}

export function createNewAccounts(
  {
    db,
    emit,
    nextId,
    now,
    settings,
  }: Pick<Host<store.Tables, Settings>, "db" | "emit" | "nextId" | "now" | "settings">,
  mails: Pick<AccountMails, "isOn" | "verify">,
): NewAccounts {
  const ownership = mails.isOn ? "verified" : "any";

  async function insert(tx: Tx<store.Tables>, row: NewRow): Promise<Id> {
    // A name that is the e-mail address of another account would pass for its owner.
    if (row.username.includes("@") && (await store.isEmailTaken(tx, emailKey(row.username), ownership)))
      throw NameTaken({});
    if (row.email && (await store.accountByName(tx, nameKey(row.email)))) throw EmailTaken({});
    const userId = nextId();
    const isVerified = row.email_verified_at_ms !== undefined;
    if (isVerified && row.email_key !== null) await takeAddress(tx, row.email_key, { userId, ownership, nowMs: now() });
    if (!(await store.insert(tx, { ...row, user_id: userId }))) throw NameTaken({});
    // The answer is that of a free address where addresses must be verified: the owner gets a mail.
    if (row.email_key !== null && !isVerified && row.email_due_at_ms === undefined) {
      await store.lockEmail(tx, row.email_key);
      if (await store.isEmailTaken(tx, row.email_key, ownership, userId)) throw EmailTaken({});
    }
    if (row.email && !isVerified) await mails.verify(tx, userId);
    // A pending account has no profile yet.
    if (row.state === "active") await publishRegistered(emit, tx, { userId, ...row });
    return userId;
  }

  async function rules(): Promise<RegistrationRules> {
    const stored = await registrationStore.rules(db);
    return { ...stored, registration: stored.registration ?? settings.registration };
  }

  return {
    rowOf: (account) => rowOf(account, now()),
    insert,
    rules,

    async namedRowOf(account: NewAccount): Promise<NewRow> {
      if (!isName(account.username)) throw BadName({});
      return rowOf(account, now());
    },

    async register<R>(
      row: NewRow,
      invitation: string | undefined,
      afterInsert: (tx: Tx<store.Tables>, userId: Id) => Promise<R>,
      always?: (tx: Tx<store.Tables>, userId: Id) => Promise<void>,
    ): Promise<R> {
      const inForce = await rules();
      assertAllowed(inForce, row, invitation);
      if (isReservedName(row.username) || isTakenFor(row.username, await store.staffNames(db))) throw NameTaken({});
      const result = await db.tx(async (tx) => {
        const used = await useInvitation(tx, inForce, { code: invitation, emailKey: row.email_key, nowMs: now() });
        const isActive = inForce.registration !== "approval" || used?.skipsApproval === true;
        const isDue = inForce.email === "required" && mails.isOn && row.email_verified_at_ms === undefined;
        const userId = await insert(tx, {
          ...row,
          state: isActive ? "active" : "pending",
          ...(isDue && { email_due_at_ms: now() + verifiedWithinMs }),
        });
        if (used) await invitationStore.addAccount(tx, used.id, userId);
        await always?.(tx, userId);
        return isActive ? { is: await afterInsert(tx, userId) } : undefined;
      });
      if (result === undefined) throw AwaitingApproval({});
      return result.is;
    },
  };
}

async function rowOf({ password, ...account }: NewAccount, nowMs: number): Promise<NewRow> {
  const columns = columnsOf(account);
  return {
    ...columns.username,
    ...columns.email,
    ...columns.phone,
    ...columns.nickname,
    ...columns.role,
    ...columns.isDemo,
    ...columns.application,
    password_hash: password === undefined ? null : await hashPassword(password),
    created_at_ms: nowMs,
    state: "active",
  };
}

/** @throws RegistrationClosed, InvitationNeeded, EmailMissing, DomainDenied */
function assertAllowed(
  { registration, email, ...domains }: RegistrationRules,
  { email_key: address }: NewRow,
  invitation: string | undefined,
): void {
  if (registration === "closed") throw RegistrationClosed({});
  if (registration === "invitation" && invitation === undefined) throw InvitationNeeded({});
  if (email === "required" && address === null) throw EmailMissing({});
  if (address !== null && !isDomainAllowed(address, domains)) throw DomainDenied({});
}

interface GivenInvitation {
  readonly code: string | undefined;
  readonly emailKey: string | null;
  readonly nowMs: number;
}

/** Uses up the invitation, where one is given. @throws InvitationNeeded, BadInvitation for one that is not valid */
async function useInvitation(
  tx: Tx<store.Tables>,
  { registration }: RegistrationRules,
  { code, emailKey: address, nowMs }: GivenInvitation,
): Promise<TakenInvitation | undefined> {
  if (code === undefined) return undefined;
  const invitation = await takeInvitation(tx, code, address, nowMs);
  if (!invitation) throw registration === "invitation" ? InvitationNeeded({}) : BadInvitation({});
  return invitation;
}

interface NewOwner {
  readonly userId: Id;
  readonly ownership: store.Ownership;
  readonly nowMs: number;
}

/** Reserves a verified address. Sessions of other accounts that only typed it end. @throws EmailTaken */
async function takeAddress(
  tx: Tx<store.Tables>,
  address: string,
  { userId, ownership, nowMs }: NewOwner,
): Promise<void> {
  await store.lockEmail(tx, address);
  if (await store.isEmailTaken(tx, address, ownership)) throw EmailTaken({});
  for (const holder of await mailStore.otherHolders(tx, userId, address))
    await accountStore.endSessions(tx, holder, nowMs, { tokensToo: true });
}
