import type { SignIn } from "#chain/message/sign-in";
import type { TypedSignIn } from "#chain/message/typed-data";
import type { Call, Handlers, Host } from "#kernel";
import type { ChainSet, ServedChain } from "../chains/chain-set.ts";
import { type auth, BadAddress, BadSignature, UnknownChain } from "../contract.ts";
import type { Settings } from "../settings.ts";
import type { Tables } from "../store.ts";
import { hashSecret } from "../tokens.ts";
import { parseAddress, shownAddress } from "./addresses.ts";
import * as challengeStore from "./challenge-store.ts";
import type { SignedChallenge } from "./contract.ts";
import { messageOf } from "./messages.ts";
import { walletOf } from "./verification.ts";
import type { WalletIdentity } from "./wallet-store.ts";

const lifeMs = 5 * 60_000;

interface Answer extends SignedChallenge {
  /** Those of the challenge, where they are given. */
  readonly address?: string | undefined;
  readonly chainId?: number | undefined;
}

/** Messages for wallets, written and stored here; no text of a client is ever verified. */
export interface Challenges {
  readonly handlers: Pick<Handlers<typeof auth>, "challenge">;
  /**
   * The wallet that signed a challenge, which is used up by it.
   * @throws BadSignature, or ChainUnavailable where a contract may have to be asked and cannot
   */
  readonly prove: (answer: Answer, call: Pick<Call, "device">) => Promise<WalletIdentity>;
}

type Row = Tables["auth.wallet_challenges"];

export function createChallenges(
  host: Pick<Host<Tables, Settings>, "db" | "now" | "random" | "settings">,
  chains: ChainSet,
): Challenges {
  const { db, now, random } = host;

  return {
    handlers: {
      async challenge({ address: given, wallet = given, chainId, namespace, signType }, { device }) {
        const { chain } = chainOf(chains, chainId, namespace);
        const address = parseAddress(chain.namespace, given ?? wallet ?? "");
        const isTyped = signType === "eip712";
        if (address === undefined || (given ?? wallet) !== wallet || (isTyped && chain.namespace === "solana"))
          throw BadAddress({});
        const signIn = signInOf(host, address);
        const { message, typedData } = messageOf(signIn, chain, isTyped);
        const challengeId = random(16).toString("base64url");
        const signing = isTyped ? ("eip712" as const) : ("personal_sign" as const);
        const expiresAtMs = signIn.expiresAt.getTime();
        const row: Row = {
          challenge_hash: hashSecret(challengeId),
          namespace: chain.namespace,
          chain_id: chain.id,
          address,
          signing,
          message,
          device_hash: hashOf(device),
          expires_at_ms: expiresAtMs,
        };
        await db.tx((tx) => challengeStore.insert(tx, row));
        const shown = shownAddress(chain.namespace, address);
        return {
          challengeId,
          message,
          nonce: signIn.nonce,
          issuedAtMs: signIn.issuedAt.getTime(),
          expiresAtMs,
          address: shown,
          wallet: shown,
          chainId: chain.id,
          signingType: signing,
          ...(typedData !== undefined && { typedData: mutable(typedData) }),
        };
      },
    },

    async prove({ challengeId, signature, address, chainId }, { device }) {
      // It is gone before its signature is verified, so that no two requests verify the same one.
      const row = await db.tx((tx) => challengeStore.take(tx, hashSecret(challengeId)));
      if (!row || row.expires_at_ms <= now() || row.device_hash !== hashOf(device)) throw BadSignature({});
      const isSame = address === undefined || parseAddress(row.namespace, address) === row.address;
      if (!isSame || (chainId !== undefined && chainId !== row.chain_id)) throw BadSignature({});
      const served = chains.get(row.chain_id);
      const identity = served && (await walletOf(served, row, signature));
      if (identity === undefined) throw BadSignature({});
      return identity;
    },
  };
}

/** @throws UnknownChain */
function chainOf(
  chains: ChainSet,
  chainId: number | undefined,
  namespace: "eip155" | "solana" | undefined,
): ServedChain {
  const all = [...chains.values()];
  const served =
    chainId === undefined && namespace === "solana"
      ? all.find(({ chain }) => chain.namespace === namespace)
      : chains.get(chainId ?? 0);
  const isKind = namespace === undefined || served?.chain.namespace === namespace;
  if (served === undefined || !isKind) throw UnknownChain({ shown: { chains: [...chains.keys()] } });
  return served;
}

function signInOf(
  { now, random, settings }: Pick<Host<Tables, Settings>, "now" | "random" | "settings">,
  address: string,
): SignIn {
  // The configured address: that of a request would let another site choose what the wallet shows.
  const { host, origin } = new URL(settings.address);
  const issuedAt = new Date(now());
  const expiresAt = new Date(now() + lifeMs);
  const nonce = random(16).toString("hex");
  return {
    domain: host,
    uri: origin,
    address,
    nonce,
    issuedAt,
    expiresAt,
    statement: "Prove that this wallet is yours.",
  };
}

const hashOf = (device: string | undefined): string | null => (device === undefined ? null : hashSecret(device));

/** The types of an answer have no read-only lists. */
const mutable = ({ types, ...typed }: TypedSignIn) => ({
  ...typed,
  types: { EIP712Domain: [...types.EIP712Domain], SignIn: [...types.SignIn] },
});
