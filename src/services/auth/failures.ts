import { failure, Instant } from "#kernel";
import { z } from "zod";

export const BadCredentials = failure("unauthenticated", "auth.bad_credentials", "the name or the password is wrong");
/** The token is one of ours, and its time is over. */
export const TokenExpired = failure("unauthenticated", "auth.token_expired", "this token has expired, refresh it");
export const NameTaken = failure("conflict", "auth.name_taken", "this name is taken");
export const EmailTaken = failure("conflict", "auth.email_taken", "this e-mail address is in use");
export const WeakPassword = failure("invalid", "auth.weak_password", "this password is too easy to guess");
export const BadName = failure(
  "invalid",
  "auth.bad_name",
  "a name has 3 to 50 letters, digits or underscores, with dots or dashes between",
);
export const RegistrationClosed = failure(
  "denied",
  "auth.registration_closed",
  "this instance does not accept new accounts",
);
export const TooManyAttempts = failure(
  "exhausted",
  "auth.too_many_attempts",
  "too many attempts, wait a little",
  z.object({ retryAfterMs: z.int().nonnegative() }),
);
export const BadRegistration = failure(
  "invalid",
  "auth.bad_registration",
  "this name or this password cannot be registered here",
  z.object({ field: z.enum(["username", "password"]) }),
);
export const BadLink = failure("denied", "auth.bad_link", "this link was used or is not the one printed at start");

export const WrongPassword = failure("invalid", "auth.wrong_password", "this is not your password");
export const AwaitingApproval = failure(
  "denied",
  "auth.awaiting_approval",
  "this account is waiting for approval by a moderator",
);
export const Banned = failure(
  "denied",
  "auth.barred",
  "this account is closed",
  z.object({ untilMs: Instant.optional(), reason: z.string().optional() }),
);
export const BadVerification = failure(
  "invalid",
  "auth.bad_verification",
  "this link was used, has expired or is not valid",
);
export const EmailMissing = failure("invalid", "auth.email_missing", "this account has no e-mail address");
export const MailOff = failure("denied", "auth.mail_off", "this instance sends no mails");
export const BadReset = failure("invalid", "auth.bad_reset", "this link was used, has expired or is not valid");
export const AccountNotFound = failure("not_found", "auth.account_not_found", "no such account");
export const SessionNotFound = failure("not_found", "auth.session_not_found", "no such session");
export const AdmittedAlready = failure(
  "conflict",
  "auth.admitted_already",
  "this account was approved already and cannot be rejected",
);
export const LastAdmin = failure("conflict", "auth.last_admin", "this instance needs at least one administrator");
export const NoProof = failure("invalid", "auth.no_proof", "this says nothing that proves who you are");
export const BadUndo = failure("invalid", "auth.bad_undo", "this link was used, has expired or is not valid");
export const TokenNotFound = failure("not_found", "auth.token_not_found", "no such token");
export const TooManyTokens = failure("conflict", "auth.too_many", "there are as many of these as an account may have");
/** `scopes`: those that the account does not have itself; none where tokens without end are not allowed. */
export const ScopeTooWide = failure(
  "denied",
  "auth.scope_too_wide",
  "a token may do no more than its owner",
  z.object({ shown: z.object({ scopes: z.array(z.string()) }) }),
);
/** Also for an invitation that is spent, late, for another address, or unknown. */
export const InvitationNeeded = failure("denied", "auth.invitation_needed", "one needs an invitation to sign up here");
export const BadInvitation = failure("invalid", "auth.bad_invitation", "this invitation is not valid any more");
export const InvitationNotFound = failure("not_found", "auth.invitation_not_found", "no such invitation");
export const InvitingDenied = failure("denied", "auth.inviting_denied", "this account may not make such an invitation");
export const DomainDenied = failure("denied", "auth.domain_denied", "addresses of this domain cannot sign up here");
/** `ticket` continues the sign-in within five minutes by one of `methods`. */
export const SecondFactorNeeded = failure(
  "unauthenticated",
  "auth.second_factor_needed",
  "this account needs a second step to sign in",
  z.object({ shown: z.object({ ticket: z.string(), methods: z.array(z.string()), expires_at: z.string() }) }),
);
export const BadCode = failure(
  "unauthenticated",
  "auth.bad_code",
  "this code is wrong, was used or is too old",
  z.object({ shown: z.object({ tries_left: z.int().nonnegative() }) }),
);
export const TicketOver = failure("unauthenticated", "auth.ticket_over", "this sign-in took too long, begin again");
export const FactorOff = failure("conflict", "auth.factor_off", "set up an authenticator app or a passkey first");
export const FactorOn = failure("conflict", "auth.factor_on", "an authenticator app is set up, switch it off first");
/** One answer for a passkey, a challenge or a signature that is not right. */
export const BadPasskey = failure("unauthenticated", "auth.bad_passkey", "this passkey does not open an account here");
export const FactorNotFound = failure("not_found", "auth.factor_not_found", "no such way to sign in");
export const LastWayIn = failure("conflict", "auth.last_way_in", "nothing else would open this account");
/** `host`: that of the configured address. */
export const NoPasskeysHere = failure(
  "conflict",
  "auth.no_passkeys_here",
  "browsers refuse passkeys where the address has a number for its host",
  z.object({ shown: z.object({ host: z.string() }) }),
);
/** `puzzle` is solved by a number: see `GET /api/v1/auth/work`. */
export const WorkNeeded = failure(
  "invalid",
  "auth.work_needed",
  "this sign-up needs a proof of work",
  z.object({ shown: z.object({ puzzle: z.string(), bits: z.int() }) }),
);
/** `chains`: the ids of those that are configured. */
export const UnknownChain = failure(
  "invalid",
  "auth.unknown_chain",
  "this instance does not ask that chain",
  z.object({ shown: z.object({ chains: z.array(z.int()) }) }),
);
export const BadAddress = failure("invalid", "auth.bad_address", "this is no address of a wallet on that chain");
/** One answer for a signature that is wrong, and for a challenge that is spent, late, or of another browser. */
export const BadSignature = failure(
  "unauthenticated",
  "auth.bad_signature",
  "this signature does not open an account here",
);
export const WalletTaken = failure("conflict", "auth.wallet_taken", "this wallet is linked to another account");
export const WalletNotFound = failure("not_found", "auth.wallet_not_found", "no such wallet");
/** `provider`: its configured name. Also for an answer of it that proves nothing, and where the user cancelled. */
export const ProviderFailed = failure(
  "unavailable",
  "auth.provider_failed",
  "the provider did not sign you in, try again or use another way",
  z.object({ shown: z.object({ provider: z.string() }) }),
);
export const ProviderNotFound = failure("not_found", "auth.provider_not_found", "no such provider");
/** Accounts are never joined by an address. */
export const AccountExists = failure(
  "conflict",
  "auth.account_exists",
  "an account has this e-mail address: sign in to it, and link the provider there",
);
export const ProviderTaken = failure(
  "conflict",
  "auth.provider_taken",
  "this user of the provider is linked to another account",
);
export { ChainUnavailable, TooManyChecks } from "#policy/gates/failures";
