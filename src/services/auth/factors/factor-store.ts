import { type Id, type Tx } from "#kernel";
import { sql } from "kysely";
import type { Db, Tables } from "../store.ts";
import type { AccountFactors } from "./account-factors.ts";

export interface TotpRow {
  readonly sealed: string;
  readonly confirmedAtMs: number | null;
}

export const totp = (db: Db, userId: Id): Promise<TotpRow | undefined> =>
  db
    .selectFrom("auth.totp as totp")
    .select(["sealed_secret as sealed", "confirmed_at_ms as confirmedAtMs"])
    .where("user_id", "=", userId)
    .executeTakeFirst();

interface Here {
  /** The host that passkeys are for. */
  readonly rpId: string;
  /** The configured issuers with their claims of subjects, such as `https://id.example/ sub`. */
  readonly issuers: readonly string[];
}

/** The proofs that an account has, with its passkeys for this host and its users of these providers. */
export const factorsOf = async (db: Db, userId: Id, { rpId, issuers }: Here): Promise<AccountFactors> =>
  (await db
    .selectFrom("auth.credentials as credentials")
    .select((e) => {
      const totp = e.selectFrom("auth.totp as totp").whereRef("totp.user_id", "=", "credentials.user_id");
      const passkeys = e
        .selectFrom("auth.passkeys as passkeys")
        .whereRef("passkeys.user_id", "=", "credentials.user_id");
      const here = passkeys.where("rp_id", "=", rpId);
      const wallets = e.selectFrom("auth.wallets as wallets").whereRef("wallets.user_id", "=", "credentials.user_id");
      const links = e
        .selectFrom("auth.provider_links as links")
        .whereRef("links.user_id", "=", "credentials.user_id")
        .where(sql<boolean>`links.issuer || ' ' || links.subject_claim = ANY(${[...issuers]}::text[])`);
      return [
        e("password_hash", "is not", null).$castTo<boolean>().as("hasPassword"),
        e
          .exists(totp.where("confirmed_at_ms", "is not", null))
          .$castTo<boolean>()
          .as("hasTotp"),
        e.exists(passkeys).$castTo<boolean>().as("hasPasskey"),
        e.exists(here).$castTo<boolean>().as("hasPasskeyHere"),
        e
          .exists(here.where("is_passwordless", "=", true))
          .$castTo<boolean>()
          .as("isPasswordless"),
        e.exists(wallets).$castTo<boolean>().as("hasWallet"),
        e.exists(links).$castTo<boolean>().as("hasProvider"),
      ];
    })
    .where("user_id", "=", userId)
    .executeTakeFirst()) ?? nothing;
const nothing: AccountFactors = {
  hasPassword: false,
  hasTotp: false,
  hasPasskey: false,
  hasPasskeyHere: false,
  isPasswordless: false,
  hasWallet: false,
  hasProvider: false,
};

/** Stores a secret that is not confirmed; false where a confirmed one is in its place. */
export async function storeTotp(tx: Tx<Tables>, userId: Id, sealed: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("auth.totp")
    .values({ user_id: userId, sealed_secret: sealed, last_step: 0, confirmed_at_ms: null })
    .onConflict((c) =>
      c
        .column("user_id")
        .doUpdateSet({ sealed_secret: sealed, last_step: 0 })
        .where("auth.totp.confirmed_at_ms", "is", null),
    )
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Uses up a step, and all before it: no code is taken twice. False where it was used. */
export async function useStep(
  tx: Tx<Tables>,
  userId: Id,
  { step, sealed }: { readonly step: number; readonly sealed: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("auth.totp as totp")
    .set({ last_step: step, sealed_secret: sealed })
    .where("user_id", "=", userId)
    .where("last_step", "<", step)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export const confirmTotp = (tx: Tx<Tables>, userId: Id, nowMs: number) =>
  tx.updateTable("auth.totp as totp").set({ confirmed_at_ms: nowMs }).where("user_id", "=", userId).execute();

export async function removeTotp(tx: Tx<Tables>, userId: Id): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("auth.totp as totp")
    .where("user_id", "=", userId)
    .where("confirmed_at_ms", "is not", null)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

export async function recoveryCodesLeft(db: Db, userId: Id): Promise<number> {
  const { count } = await db
    .selectFrom("auth.recovery_codes as codes")
    .select((e) => e.fn.countAll<number>().as("count"))
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return count;
}

/** Stores codes in the place of all before. */
export async function replaceRecoveryCodes(tx: Tx<Tables>, userId: Id, hashes: readonly string[]): Promise<void> {
  await tx.deleteFrom("auth.recovery_codes as codes").where("user_id", "=", userId).execute();
  if (hashes.length === 0) return;
  await tx
    .insertInto("auth.recovery_codes")
    .values(hashes.map((hash) => ({ user_id: userId, code_hash: hash })))
    .execute();
}

/** Uses up a code by one of its stored forms; false where there is none. */
export async function useRecoveryCode(tx: Tx<Tables>, userId: Id, hashes: readonly string[]): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("auth.recovery_codes as codes")
    .where("user_id", "=", userId)
    .where("code_hash", "in", [...hashes])
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}
