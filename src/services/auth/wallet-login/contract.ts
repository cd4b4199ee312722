import { command, query } from "#kernel";
import { SignInAgain } from "#kernel/errors";
import { z } from "zod";
import { ChainId } from "../chains/contract.ts";
import {
  AwaitingApproval,
  BadInvitation,
  BadSignature,
  Banned,
  ChainUnavailable,
  DomainDenied,
  EmailMissing,
  InvitationNeeded,
  NameTaken,
  RegistrationClosed,
  SecondFactorNeeded,
  TooManyTokens,
  WalletTaken,
  WorkNeeded,
} from "../failures.ts";
import { InvitationCode } from "../invitations/contract.ts";
import { Session } from "../sessions/contract.ts";
import { LinkedWallet, SignedChallenge, WalletAddress } from "../wallets/contract.ts";
import { Work } from "../work/contract.ts";

/** The session of a sign-in, or the wallet that was linked. */
export const WalletLogin = z
  .object({
    ...Session.partial().shape,
    ...LinkedWallet.partial().shape,
    address: z.string(),
    /** The same as `address`, as other systems call it. */
    walletAddress: z.string(),
  })
  .meta({ id: "WalletLogin" });

export const walletLoginMethods = {
  loginByWallet: command({
    http: "POST /api/v1/auth/login",
    auth: "public",
    rate: "login",
    freshness: "known",
    summary:
      "Signs in with a wallet that signed a challenge; one that nobody has makes an account, as far as people may sign up. With `purpose: link` it is linked to the account of the caller, after a fresh sign-in.",
    input: z.object({
      ...SignedChallenge.shape,
      address: WalletAddress.optional(),
      wallet: WalletAddress.optional(),
      chainId: ChainId.optional(),
      purpose: z.enum(["sign_in", "link"]).default("sign_in"),
      invitation: InvitationCode.optional(),
      application: z.string().trim().max(1_000).default(""),
      /** The solution of a puzzle, where the instance asks new accounts for one. */
      work: Work.optional(),
    }),
    output: WalletLogin,
    errors: [
      BadSignature,
      ChainUnavailable,
      SecondFactorNeeded,
      AwaitingApproval,
      Banned,
      SignInAgain,
      WalletTaken,
      TooManyTokens,
      RegistrationClosed,
      InvitationNeeded,
      BadInvitation,
      EmailMissing,
      DomainDenied,
      NameTaken,
      WorkNeeded,
    ],
  }),
  providers: query({
    http: "GET /api/v1/auth/providers",
    auth: "public",
    scope: "any",
    summary: "Lists the ways in which people can sign in here.",
    input: z.object({}),
    output: z.object({
      items: z.array(z.object({ id: z.string(), name: z.string(), iconUrl: z.string() })),
      password: z.boolean(),
      passkeys: z.boolean(),
      wallets: z.array(z.object({ chainId: ChainId, name: z.string() })),
    }),
  }),
};
