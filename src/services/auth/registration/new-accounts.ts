import type { Host, Id, Tx } from "#kernel";
import { emailKey } from "#kernel/text";
import type { z } from "zod";
import * as accountStore from "../account-store.ts";
import { AwaitingApproval, type auth, BadName, EmailTaken, NameTaken, RegistrationClosed } from "../contract.ts";
import type { AccountMails } from "../mail/account-mails.ts";
import { isName, nameKey } from "../names.ts";
import { hashPassword } from "../passwords/passwords.ts";
import type { Settings } from "../settings.ts";
import * as store from "../store.ts";
import { publishRegistered } from "./registered-event.ts";
import { isReservedName, isTakenFor } from "./reserved-names.ts";

type Methods = (typeof auth)["methods"];
type Registered = Omit<z.output<Methods["register"]["input"]>, "strict">;
type Ensured = z.output<Methods["ensure"]["input"]>;
export type NewAccount = Pick<Ensured, "username" | "password"> & Partial<Omit<Registered & Ensured, "username">>;

/** A row without its id, which the transaction makes that inserts it. */
export type NewRow = Omit<
  store.Tables["auth.credentials"],
  "user_id" | "state" | "state_until_ms" | "state_reason" | "application" | "email_verified_at_ms" | "language"
> & {
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

/** Makes accounts, as far as the mode of registration allows. */
export interface NewAccounts {
  /** Hashing a password takes a while: no transaction waits for it. */
  readonly rowOf: (newAccount: NewAccount) => Promise<NewRow>;
  readonly insert: (tx: Tx<store.Tables>, row: NewRow) => Promise<Id>;
  readonly registrationMode: () => Promise<"open" | "approval" | "closed">;
  /** As {@link rowOf}. @throws BadName */
  readonly namedRowOf: (account: NewAccount) => Promise<NewRow>;
  /**
   * Makes the account; it is pending where a moderator has to approve it.
   * @throws RegistrationClosed, AwaitingApproval; NameTaken also where the name is reserved or passes for one of staff
   */
  readonly register: <R>(row: NewRow, afterInsert: (tx: Tx<store.Tables>, userId: Id) => Promise<R>) => Promise<R>;
}

export function createNewAccounts(
  {
    db,
    emit,
    nextId,
    now,
    settings,
  }: Pick<Host<store.Tables, Settings>, "db" | "emit" | "nextId" | "now" | "settings">,
  mails: Pick<AccountMails, "verify">,
): NewAccounts {
  async function rowOf({ password, ...account }: NewAccount): Promise<NewRow> {
    const columns = columnsOf(account);
    return {
      ...columns.username,
      ...columns.email,
      ...columns.phone,
      ...columns.nickname,
      ...columns.role,
      ...columns.isDemo,
      ...columns.application,
      password_hash: await hashPassword(password),
      created_at_ms: now(),
      state: "active",
    };
  }

  async function insert(tx: Tx<store.Tables>, row: NewRow): Promise<Id> {
    // A name that is the e-mail address of another account would pass for its owner.
    if (row.username.includes("@") && (await store.accountByEmail(tx, emailKey(row.username)))) throw NameTaken({});
    if (row.email && (await store.accountByName(tx, nameKey(row.email)))) throw EmailTaken({});
    const userId = nextId();
    const conflict = await store.insert(tx, { ...row, user_id: userId });
    if (conflict) throw conflict === "name" ? NameTaken({}) : EmailTaken({});
    if (row.email) await mails.verify(tx, userId);
    // A pending account has no profile yet.
    if (row.state === "active") await publishRegistered(emit, tx, { userId, ...row });
    return userId;
  }

  const registrationMode = async () => (await accountStore.registrationOf(db)) ?? settings.registration;

  return {
    rowOf,
    insert,
    registrationMode,

    async namedRowOf(account: NewAccount): Promise<NewRow> {
      if (!isName(account.username)) throw BadName({});
      return rowOf(account);
    },

    async register<R>(row: NewRow, afterInsert: (tx: Tx<store.Tables>, userId: Id) => Promise<R>): Promise<R> {
      const mode = await registrationMode();
      if (mode === "closed") throw RegistrationClosed({});
      if (isReservedName(row.username) || isTakenFor(row.username, await store.staffNames(db))) throw NameTaken({});
      if (mode === "open")
        return db.tx(async (tx) => {
          const userId = await insert(tx, row);
          return afterInsert(tx, userId);
        });
      await db.tx((tx) => insert(tx, { ...row, state: "pending" }));
      throw AwaitingApproval({});
    },
  };
}
