import type { Scope } from "#kernel/scopes/scopes";
import type { Id, Language, Reader, Role, Tx } from "#kernel";
import { type Generated, type Insertable, sql } from "kysely";
import type { z } from "zod";
import type { AccountState, AlertKind, Family, Proof, RegistrationRules } from "./contract.ts";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  "auth.credentials": {
    user_id: Id;
    username: string;
    name_key: string;
    email: string | null;
    email_key: string | null;
    phone: string | null;
    nickname: string | null;
    /** Null for an account that signs in by other ways alone. */
    password_hash: string | null;
    /** Null for the first one. */
    password_changed_at_ms: number | null;
    role: Role;
    is_demo: boolean;
    created_at_ms: number;
    state: Generated<State>;
    /** The end of a suspension. */
    state_until_ms: Generated<number | null>;
    state_reason: Generated<string>;
    application: Generated<string>;
    /** Null for an address that nobody has proven to be theirs. */
    email_verified_at_ms: Generated<number | null>;
    /** When an account ends whose address must be verified; null where it need not be, or was. */
    email_due_at_ms: Generated<number | null>;
    /** The language of the interface at the last sign-in, for mails. */
    language: Generated<Language | null>;
  };
  "auth.sessions": {
    id: string;
    user_id: Id;
    /** How often its refresh token was traded; null in a session of a compatible API. */
    refreshes: number | null;
    refreshed_at_ms: Generated<number | null>;
    created_at_ms: number;
    used_at_ms: number;
    expires_at_ms: number;
    ended_at_ms: Generated<number | null>;
    /** `personal` is a token that its owner made for a program. */
    origin: Generated<"native" | Family | "personal">;
    token_hash: Generated<string | null>;
    agent: Generated<string>;
    methods: Generated<Proof[]>;
    /** The last time its user proved who they are; null where that was at its beginning. */
    authenticated_at_ms: Generated<number | null>;
    is_new_device: Generated<boolean>;
    /** The name that its owner gave a personal token. */
    name: Generated<string | null>;
    /** The bounds of a personal token and of sessions that it opened; null for no bounds. */
    scopes: Generated<Scope[] | null>;
    /** The personal token that opened a session of a compatible API, and ends it. */
    token_id: Generated<string | null>;
  };
  /** Devices from which an account signed in, until they are forgotten. */
  "auth.devices": { user_id: Id; device_hash: string; ends_at_ms: number };
  "auth.alerts": {
    id: Id;
    user_id: Id;
    kind: AlertKind;
    agent: string;
    name: string;
    session_id: string | null;
    at_ms: number;
  };
  /** The secret of an authenticator app, and the last step of which a code was taken. */
  "auth.totp": { user_id: Id; sealed_secret: string; last_step: number; confirmed_at_ms: number | null };
  "auth.recovery_codes": { user_id: Id; code_hash: string };
  "auth.passkeys": {
    id: Id;
    user_id: Id;
    credential_id: string;
    /** A COSE key. */
    public_key: Buffer;
    /** The uses that its authenticator has counted; 0 where it counts none. */
    counter: number;
    transports: string[];
    name: string;
    /** The host that it is bound to. */
    rp_id: string;
    is_synced: boolean;
    is_passwordless: boolean;
    created_at_ms: number;
    used_at_ms: Generated<number | null>;
  };
  /** Challenges that browsers have yet to answer. */
  "auth.passkey_challenges": {
    id: string;
    challenge: string;
    purpose: "registration" | "sign_in" | "second_step";
    user_id: Id | null;
    ticket_hash: string | null;
    expires_at_ms: number;
  };
  /** Sign-ins that wait for their second step. */
  "auth.sign_in_tickets": { token_hash: string; user_id: Id; methods: Proof[]; tries: number; expires_at_ms: number };
  /** Wallets of accounts. `chain_id` is null for a key, which is the same wallet on every chain of its namespace. */
  "auth.wallets": {
    id: Id;
    user_id: Id;
    namespace: "eip155" | "solana";
    address: string;
    chain_id: number | null;
    name: string;
    is_public: Generated<boolean>;
    linked_at_ms: number;
  };
  /** Messages that wallets are to sign, as they were written here. */
  "auth.wallet_challenges": {
    challenge_hash: string;
    namespace: "eip155" | "solana";
    chain_id: number;
    address: string;
    signing: "personal_sign" | "eip712";
    message: string;
    /** The browser that asked; null for a client without cookies. */
    device_hash: string | null;
    expires_at_ms: number;
  };
  /** Users of providers that sign in to accounts. `granted_role`: the role that the provider gave the account. */
  "auth.provider_links": {
    user_id: Id;
    issuer: string;
    /** The claim that has the subject. */
    subject_claim: string;
    subject: string;
    provider_id: string;
    /** Its name for its owner. */
    hint: string;
    granted_role: Role | null;
    linked_at_ms: number;
  };
  /** Sign-ins at providers that browsers have yet to come back from. */
  "auth.provider_flows": {
    state_hash: string;
    /** The hash of the text in the cookie of the browser. */
    secret_hash: string;
    provider_id: string;
    purpose: "sign_in" | "link" | "fresh";
    user_id: Id | null;
    session_id: string | null;
    /** The page that follows. */
    next: string;
    begun_at_ms: number;
    expires_at_ms: number;
  };
  /** The earlier address of an account, which the link that was sent to it restores; no hash until it is sent. */
  "auth.email_undos": { user_id: Id; token_hash: string | null; email: string; expires_at_ms: number };
  "auth.instance": {
    id: Generated<boolean>;
    claimed_at_ms: number | null;
    demo_requested_at_ms: number | null;
    /** Set by an administrator; null where the configuration decides. */
    registration: Generated<Rules["registration"] | null>;
    sign_up_email: Generated<Rules["email"]>;
    users_invite: Generated<boolean>;
    work_bits: Generated<number>;
    domains_allowed: Generated<string[]>;
    domains_denied: Generated<string[]>;
    /** A local copy of the name and the look of the instance, for mails; null until its service published them. */
    site_name: Generated<string | null>;
    site_accent: Generated<string | null>;
    site_ink: Generated<string | null>;
  };
  /** The link of an account that proves its address. */
  "auth.email_verifications": { user_id: Id; token_hash: string; email_key: string; expires_at_ms: number };
  /** Links to set a new password. */
  "auth.resets": { token_hash: string; user_id: Id; expires_at_ms: number };
  "auth.invitations": {
    id: Id;
    /** The account that made it. */
    user_id: Id;
    code_hash: string;
    note: string;
    email: string;
    email_key: string | null;
    uses: number;
    used: Generated<number>;
    skips_approval: boolean;
    created_at_ms: number;
    expires_at_ms: number;
  };
  /** The accounts that invitations made. */
  "auth.invited_accounts": { user_id: Id; invitation_id: Id };
  /** The salt that addresses are hashed with on one day (UTC), counted from 1970. */
  "auth.source_salt": { id: Generated<boolean>; day: number; salt: string };
  "auth.deletions": { user_id: Id; begun_at_ms: number; ended_at_ms: Generated<number | null> };
  "auth.deletion_receipts": { user_id: Id; service: string; at_ms: number };
}
export type Db = Reader<Tables>;
type State = z.output<typeof AccountState>;
type Rules = z.output<typeof RegistrationRules>;

const account = [
  "user_id as userId",
  "username",
  "nickname",
  "email",
  "phone",
  "role",
  "created_at_ms as createdAtMs",
  "state",
  "state_until_ms as stateUntilMs",
  "state_reason as stateReason",
] as const;

export const accountById = (db: Db, userId: Id) =>
  db.selectFrom("auth.credentials as credentials").select(account).where("user_id", "=", userId).executeTakeFirst();

/** All accounts in the order of their ids. */
export const batch = (db: Db, after: number, limit: number) =>
  db
    .selectFrom("auth.credentials as credentials")
    .select(["user_id as userId", "username", "role", "state", "state_until_ms as stateUntilMs"])
    .where("user_id", ">", after)
    .orderBy("user_id")
    .limit(limit)
    .execute();

export const accountByName = (db: Db, nameKey: string) =>
  db.selectFrom("auth.credentials as credentials").select(account).where("name_key", "=", nameKey).executeTakeFirst();

/** The names of moderators and administrators. */
export const staffNames = async (db: Db): Promise<string[]> =>
  (
    await db
      .selectFrom("auth.credentials as credentials")
      .select("username")
      .where("role", "<>", sql.lit<Role>("user"))
      .execute()
  ).map(({ username }) => username);

/** The accounts that own an address: the one that verified it, or, where nothing can be verified, all that have it. */
export type Ownership = "verified" | "any";

/** True if an account has the address, other than this one. */
export const isEmailTaken = async (db: Db, emailKey: string, ownership: Ownership, but: Id = 0): Promise<boolean> =>
  (await db
    .selectFrom("auth.credentials as credentials")
    .select("user_id")
    .where("email_key", "=", emailKey)
    .where("user_id", "<>", but)
    .$if(ownership === "verified", (q) => q.where("email_verified_at_ms", "is not", null))
    .executeTakeFirst()) !== undefined;

/** Until the transaction ends, nobody else asks whether this address is free. */
export const lockEmail = (tx: Tx<Tables>, emailKey: string) =>
  sql`SELECT pg_advisory_xact_lock(hashtextextended('auth.email', hashtext(${emailKey}::text)))`.execute(tx);

export interface LoginRow {
  readonly userId: Id;
  readonly username: string;
  readonly nameKey: string;
  /** Null for an account without a password. */
  readonly passwordHash: string | null;
}
/** The account of a user name or of a verified address, with its password's hash. An address that is not verified signs nobody in. */
export const forLogin = (db: Db, nameKey: string, emailKey: string): Promise<LoginRow | undefined> =>
  db
    .selectFrom("auth.credentials as credentials")
    .select(["user_id as userId", "name_key as nameKey", "username", "password_hash as passwordHash"])
    .where((e) =>
      e.or([
        e("name_key", "=", nameKey),
        e.and([e("email_key", "=", emailKey), e("email_verified_at_ms", "is not", null)]),
      ]),
    )
    // A name goes before an address that is spelled as it.
    .orderBy((e) => e("name_key", "=", nameKey), "desc")
    .executeTakeFirst();

/**
 * True if the password still has this hash. A change of it waits until the transaction ends, and then ends the sessions
 * that were opened with it.
 */
export const holdsPassword = async (tx: Tx<Tables>, userId: Id, passwordHash: string | null): Promise<boolean> =>
  (await tx
    .selectFrom("auth.credentials as credentials")
    .select("user_id")
    .where("user_id", "=", userId)
    .where("password_hash", passwordHash === null ? "is" : "=", passwordHash)
    .forShare()
    .executeTakeFirst()) !== undefined;

/** False where the name is taken. */
export async function insert(tx: Tx<Tables>, row: Insertable<Tables["auth.credentials"]>): Promise<boolean> {
  const { numInsertedOrUpdatedRows: inserted } = await tx
    .insertInto("auth.credentials")
    .values(row)
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow();
  if (inserted === 1n) return true;
  if (await accountByName(tx, row.name_key)) return false;
  // The id is there already, and this violation runs the transaction again with another.
  await tx.insertInto("auth.credentials").values(row).execute();
  return true;
}

interface EmailKeys {
  readonly emailKey: string | null;
  readonly nameKey: string;
  /** `none`: another account that has the address, verified or not, is no hindrance. */
  readonly ownership: Ownership | "none";
}

/**
 * Sets the e-mail address of an account, unless another account has it as an address or as a name; yields whether it did.
 * Another address has to be verified anew.
 */
export async function setLoginEmail(
  tx: Tx<Tables>,
  userId: Id,
  email: string | null,
  { emailKey, nameKey, ownership }: EmailKeys,
): Promise<boolean> {
  if (emailKey !== null) await lockEmail(tx, emailKey);
  const { numUpdatedRows } = await tx
    .updateTable("auth.credentials as credentials")
    .set({
      email,
      email_key: emailKey,
      email_verified_at_ms: sql`CASE WHEN email_key = ${emailKey}::text THEN email_verified_at_ms END`,
    })
    .where("user_id", "=", userId)
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom("auth.credentials as other")
            .select("other.user_id")
            .where((o) =>
              o.or([
                ...(ownership === "none"
                  ? []
                  : [
                      o.and([
                        o("other.email_key", "=", emailKey),
                        o("other.user_id", "<>", userId),
                        ...(ownership === "verified" ? [o("other.email_verified_at_ms", "is not", null)] : []),
                      ]),
                    ]),
                o.and([o("other.name_key", "=", nameKey), o("other.user_id", "<>", userId)]),
              ]),
            ),
        ),
      ),
    )
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export const hasAdmin = async (db: Db): Promise<boolean> =>
  (await db
    .selectFrom("auth.credentials as credentials")
    .select("user_id")
    .where("role", "=", "admin")
    .limit(1)
    .executeTakeFirst()) !== undefined;

/** The accounts that are removed with the demo. */
const demoAccounts = (db: Db) =>
  db.selectFrom("auth.credentials as credentials").select("user_id as userId").where("is_demo", "=", true);

export const hasDemo = async (db: Db): Promise<boolean> =>
  (await demoAccounts(db).limit(1).executeTakeFirst()) !== undefined;

export const demoUsers = (db: Db) => demoAccounts(db).orderBy("user_id").limit(1_000).execute();

export const insertSession = (tx: Tx<Tables>, row: Insertable<Tables["auth.sessions"]>) =>
  tx.insertInto("auth.sessions").values(row).execute();

const sessions = (db: Db) =>
  db
    .selectFrom("auth.sessions as sessions")
    .innerJoin("auth.credentials as credentials", "credentials.user_id", "sessions.user_id")
    .select([
      "sessions.id as id",
      "sessions.user_id as userId",
      "role",
      "origin",
      "token_hash as tokenHash",
      "used_at_ms as usedAtMs",
      "expires_at_ms as expiresAtMs",
      "ended_at_ms as endedAtMs",
      "methods",
      "scopes",
      sql<number>`coalesce(authenticated_at_ms, sessions.created_at_ms)`.as("authenticatedAtMs"),
      "state",
      "state_until_ms as stateUntilMs",
    ]);
export interface SessionRow {
  readonly id: string;
  readonly userId: Id;
  readonly role: Role;
  readonly state: State;
  readonly stateUntilMs: number | null;
  readonly origin: "native" | "resumable" | "cloudfiles" | "douyin" | "personal";
  readonly tokenHash: string | null;
  readonly usedAtMs: number;
  readonly expiresAtMs: number;
  readonly endedAtMs: number | null;
  readonly methods: Proof[];
  readonly scopes: Scope[] | null;
  readonly authenticatedAtMs: number;
}
export const sessionById = (db: Db, id: string): Promise<SessionRow | undefined> =>
  sessions(db).where("sessions.id", "=", id).executeTakeFirst();
export const sessionsById = (db: Db, ids: readonly string[]) =>
  sessions(db)
    .where(sql<boolean>`sessions.id = ANY(${[...ids]}::text[])`)
    .execute();

/** The session with the count of its refreshes, locked, so that a second use of one token sees the first. */
export const lockSession = (tx: Tx<Tables>, id: string) =>
  tx
    .selectFrom("auth.sessions as sessions")
    .select([
      "user_id as userId",
      "refreshes",
      "refreshed_at_ms as refreshedAtMs",
      "expires_at_ms as expiresAtMs",
      "ended_at_ms as endedAtMs",
      "methods",
      sql<number>`coalesce(authenticated_at_ms, created_at_ms)`.as("authenticatedAtMs"),
    ])
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();

export const rotate = (tx: Tx<Tables>, id: string, refreshes: number, nowMs: number, expiresAtMs: number) =>
  tx
    .updateTable("auth.sessions as sessions")
    .set({ refreshes, refreshed_at_ms: nowMs, used_at_ms: nowMs, expires_at_ms: expiresAtMs })
    .where("id", "=", id)
    .execute();

/** Stores the last use of a session; of concurrent calls one writes. */
export const recordUse = (tx: Tx<Tables>, id: string, nowMs: number, beforeMs: number) =>
  tx
    .updateTable("auth.sessions as sessions")
    .set({ used_at_ms: nowMs })
    .where("id", "=", id)
    .where("used_at_ms", "<", beforeMs)
    .execute();

/** The user of a session proved who they are at this moment. */
export const setAuthenticated = (tx: Tx<Tables>, id: string, nowMs: number) =>
  tx.updateTable("auth.sessions as sessions").set({ authenticated_at_ms: nowMs }).where("id", "=", id).execute();

/** The last use of a session of this account; undefined when it has none. */
export async function lastUse(db: Db, userId: Id): Promise<number | undefined> {
  const { usedAtMs } = await db
    .selectFrom("auth.sessions as sessions")
    .select((e) => e.fn.max("used_at_ms").as("usedAtMs"))
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return usedAtMs ?? undefined;
}

export const endSession = (tx: Tx<Tables>, id: string, nowMs: number) =>
  tx
    .updateTable("auth.sessions as sessions")
    .set({ ended_at_ms: nowMs })
    .where("id", "=", id)
    .where("ended_at_ms", "is", null)
    .execute();

export const forgetSessions = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("auth.sessions as sessions").where("expires_at_ms", "<", beforeMs).execute();

/** The one row of the instance, locked, so that two claims cannot both win. */
export const lockInstance = (tx: Tx<Tables>) =>
  tx
    .selectFrom("auth.instance")
    .select(["claimed_at_ms as claimedAtMs", "demo_requested_at_ms as demoWantedAtMs"])
    .forUpdate()
    .executeTakeFirstOrThrow();

export const setClaimed = (tx: Tx<Tables>, claimed_at_ms: number) =>
  tx.updateTable("auth.instance").set({ claimed_at_ms }).execute();
export const setDemoRequested = (tx: Tx<Tables>, demo_requested_at_ms: number) =>
  tx.updateTable("auth.instance").set({ demo_requested_at_ms }).execute();
