import type { Proof } from "../contract.ts";

/** The proofs that an account has. */
export interface AccountFactors {
  readonly hasPassword: boolean;
  readonly hasTotp: boolean;
  /** Also one for an earlier host of this instance, which opens nothing. */
  readonly hasPasskey: boolean;
  readonly hasPasskeyHere: boolean;
  /** One of its passkeys here signs in without another proof. */
  readonly isPasswordless: boolean;
  readonly hasWallet: boolean;
  /** A user of a provider that is configured now. */
  readonly hasProvider: boolean;
}

/**
 * The ways to take the second step of a sign-in; none where a password alone is enough. An account keeps its second step
 * when the host changes and its passkeys end: recovery codes are left. Pure.
 */
export const secondSteps = ({ hasTotp, hasPasskey, hasPasskeyHere }: AccountFactors): Proof[] =>
  hasTotp || hasPasskey ? listOf({ totp: hasTotp, passkey: hasPasskeyHere, recovery_code: true }) : [];

/** The ways to confirm who a signed-in user is. Pure. */
export const confirmations = (factors: AccountFactors): Proof[] =>
  listOf({
    password: factors.hasPassword,
    totp: factors.hasTotp,
    passkey: factors.isPasswordless,
    recovery_code: secondSteps(factors).length > 0,
    wallet: factors.hasWallet,
    provider: factors.hasProvider,
  });

/** The ways in which a sign-in can begin. The last of them must stay. Pure. */
export const waysIn = ({ hasPassword, isPasswordless, hasWallet, hasProvider }: AccountFactors): Proof[] =>
  listOf({ password: hasPassword, passkey: isPasswordless, wallet: hasWallet, provider: hasProvider });

const listOf = (holds: Partial<Record<Proof, boolean>>): Proof[] =>
  (Object.keys(holds) as Proof[]).filter((proof) => holds[proof]); // Its keys are proofs.

/** Proofs that are a second step, or two factors in one, as a passkey that verified its user. */
const strongProofs: ReadonlySet<Proof> = new Set(["totp", "passkey", "recovery_code"]);

/** True where what was proven opens an account that has these second steps. Pure. */
export const isEnough = (proven: readonly Proof[], second: readonly Proof[]): boolean =>
  second.length === 0 || proven.some((proof) => strongProofs.has(proof));
