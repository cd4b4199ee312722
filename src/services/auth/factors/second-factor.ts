import type { Host, Id, Tx } from "#kernel";
import type { RotatingKey } from "#kernel/keys/port";
import { createSealing, type Sealing } from "#kernel/keys/sealing";
import type { Alerts } from "../alerts/alerts.ts";
import { recordAct } from "../audit.ts";
import { BadCode, type Proof } from "../contract.ts";
import type { AttemptLimit } from "../passwords/attempts.ts";
import { hostOf } from "../passkeys/relying-party.ts";
import type { Settings } from "../settings.ts";
import * as store from "../store.ts";
import { type AccountFactors, secondSteps } from "./account-factors.ts";
import * as factorStore from "./factor-store.ts";
import { hashesOf, lettersOf } from "./recovery-codes.ts";
import { isCode, stepOf } from "./totp.ts";

/** The factors of accounts. */
export interface SecondFactors {
  /** The proofs that an account has. */
  readonly factorsOf: (db: store.Db, userId: Id) => Promise<AccountFactors>;
  /** The ways in which an account takes its second step; none where a password alone is enough. */
  readonly methodsOf: (db: store.Db, userId: Id) => Promise<Proof[]>;
  /**
   * Uses up a code of an account: six digits of its app, or a recovery code. Tries count before they are compared.
   * @throws BadCode with the tries that are left of `triesLeft`, TooManyAttempts
   */
  readonly useCode: (code: string, by: CodeUser) => Promise<Proof>;
  readonly secretOf: (db: store.Db, userId: Id) => Promise<{ secret: string; isConfirmed: boolean } | undefined>;
  readonly seal: (userId: Id, secret: string) => string;
}

export interface CodeUser {
  readonly userId: Id;
  readonly agent?: string | undefined;
  readonly source?: string | undefined;
  readonly triesLeft: number;
}

interface Parts {
  readonly key: RotatingKey;
  readonly attempts: AttemptLimit;
  readonly alerts: Pick<Alerts, "raise">;
}

const placeOf = (userId: Id): string => `auth.totp ${userId}`;
/** Codes of an account are counted apart from its passwords: a thief who guesses one does not use up the other. */
const attemptsName = (userId: Id): string => `code ${userId}`;

export function createSecondFactors(
  host: Pick<Host<store.Tables, Settings>, "db" | "emit" | "now" | "settings">,
  { key, attempts, alerts }: Parts,
): SecondFactors {
  const { db, now, settings } = host;
  const sealing = (): Sealing => createSealing([key.current, ...key.valid.filter((value) => value !== key.current)]);
  const seal = (userId: Id, secret: string) => sealing().seal(secret, placeOf(userId));

  async function secretOf(reader: store.Db, userId: Id) {
    const row = await factorStore.totp(reader, userId);
    const secret = row && sealing().open(row.sealed, placeOf(userId));
    return row && secret !== undefined ? { secret, isConfirmed: row.confirmedAtMs !== null } : undefined;
  }

  /** Uses up a step of the app; its secret is sealed with the key of today, so that the key may be rotated. */
  async function useAppCode(userId: Id, code: string): Promise<boolean> {
    const totp = await secretOf(db, userId);
    const step = totp?.isConfirmed ? stepOf(totp.secret, code, now()) : undefined;
    if (step === undefined || !totp) return false;
    return db.tx((tx) => factorStore.useStep(tx, userId, { step, sealed: seal(userId, totp.secret) }));
  }

  const useRecoveryCode = (letters: string, { userId, agent }: CodeUser): Promise<boolean> =>
    db.tx(async (tx: Tx<store.Tables>) => {
      if (!(await factorStore.useRecoveryCode(tx, userId, hashesOf(key, letters)))) return false;
      await recordAct(host, tx, userId, "recovery_code.used", { actorId: userId });
      await alerts.raise(tx, userId, "recovery_used", { ...(agent !== undefined && { agent }) });
      return true;
    });

  const here = {
    rpId: hostOf(settings.address) ?? "",
    issuers: settings.providers.map(({ issuer, subject_claim }) => `${new URL(issuer).href} ${subject_claim}`),
  };
  const factorsOf = (reader: store.Db, userId: Id) => factorStore.factorsOf(reader, userId, here);

  return {
    secretOf,
    seal,

    factorsOf,
    methodsOf: async (reader, userId) => secondSteps(await factorsOf(reader, userId)),

    async useCode(code, by) {
      const { userId, source, triesLeft } = by;
      const record = () =>
        db.tx((tx) => recordAct(host, tx, userId, "code.refused", { actorId: userId, detail: "too many attempts" }));
      await attempts.count(attemptsName(userId), source, { ownerOf: async () => userId, record });
      const letters = lettersOf(code);
      if (isCode(code) && (await useAppCode(userId, code))) return "totp";
      if (letters !== undefined && (await useRecoveryCode(letters, by))) return "recovery_code";
      throw BadCode({ shown: { tries_left: triesLeft } });
    },
  };
}
