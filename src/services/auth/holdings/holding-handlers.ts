import { nftVerified } from "#events/auth";
import type { TokenCondition } from "#chain/holdings/condition";
import { type Call, callerOf, type Handlers, type Host, type Id } from "#kernel";
import { InvalidInput } from "#kernel/errors";
import type { z } from "zod";
import type { ChainSet, ServedChain } from "../chains/chain-set.ts";
import { silentChain } from "../chains/unavailable.ts";
import { type auth, BadAddress, TooManyChecks, UnknownChain } from "../contract.ts";
import type { Tables } from "../store.ts";
import { parseAddress } from "../wallets/addresses.ts";
import type { TokenTerm } from "../wallets/contract.ts";
import type { KnownHolding } from "./chain-holdings.ts";
import type { TokenHolding } from "./contract.ts";
import { type Holdings, presentCondition } from "./holdings.ts";
import { conditionOf, keyOf, type TermFault } from "./terms.ts";

const checksMax = 30;
const windowMs = 60_000;
/** The last answer to an account is compared with the next one for so long. */
const rememberedMs = 30 * 24 * 3_600_000;

/** A question of an account about a token, in its normal form. */
interface Question {
  readonly served: ServedChain;
  readonly condition: TokenCondition;
}
type Term = Omit<TokenTerm, "standard"> & { readonly standard?: TokenTerm["standard"] | undefined };
type Answer = z.output<typeof TokenHolding>;

const faultTexts: Readonly<Record<Exclude<TermFault, "unknown_chain">, readonly [field: string, message: string]>> = {
  bad_contract: ["contract", "an address on this chain"],
  bad_standard: ["standard", "a standard of this chain"],
  token_id_missing: ["tokenId", "the number of a token, which erc1155 needs"],
};

/** Users ask who holds a token. */
export function createHoldingHandlers(
  { cache, db, emit, now }: Pick<Host<Tables>, "cache" | "db" | "emit" | "now">,
  { chains, holdings }: { readonly chains: ChainSet; readonly holdings: Holdings },
): Pick<Handlers<typeof auth>, "verifyHolding" | "holding" | "tokenHolding"> {
  /** @throws TooManyChecks */
  async function count(userId: Id): Promise<void> {
    const { value, leftMs } = await cache.add(`auth:nft:${userId}`, 1, windowMs);
    if (value > checksMax) throw TooManyChecks({ retryAfterMs: Math.ceil(leftMs) });
  }

  function present({ served, condition }: Question, holding: KnownHolding | undefined): Answer {
    const state = holding?.state ?? "not_held";
    const { min: _, tokenId = null, ...shown } = presentCondition(served.chain.id, condition);
    return {
      ...shown,
      standard: condition.standard,
      tokenId,
      owned: state === "held",
      hasNft: state === "held",
      state,
      balance: String(holding?.balance ?? 0n),
      block: holding?.block ?? null,
      checkedAtMs: holding?.checkedAtMs ?? now(),
    };
  }

  async function askOwn(term: Term, call: Call): Promise<Question & { readonly answer: Answer }> {
    const userId = callerOf(call);
    await count(userId);
    const question = questionOf(chains, term);
    const { answer } = await holdings.ofAccount(question.served, userId, question.condition);
    if (answer?.state === "unknown") throw silentChain(question.served);
    return { ...question, answer: present(question, answer) };
  }

  /** Publishes the answer about an account where it is another than the last one. */
  async function publish(userId: Id, { served, condition, answer }: Question & { readonly answer: Answer }) {
    const key = `auth:nft:${userId}:${served.chain.id} ${keyOf(condition)}`;
    if ((await cache.get(key)) === answer.state) return;
    const { state } = answer;
    await db.tx((tx) =>
      emit(tx, nftVerified, userId, { userId, condition: presentCondition(served.chain.id, condition), state }),
    );
    await cache.set(key, state, rememberedMs);
  }

  return {
    async verifyHolding({ address, wallet, ownerAddress, contract, contractAddress, ...term }, call) {
      const text = contract ?? contractAddress;
      if (text === undefined)
        throw InvalidInput({ fields: [{ field: "contract", message: "the address of a contract" }] });
      const owner = address ?? wallet ?? ownerAddress;
      if (owner === undefined) {
        const result = await askOwn({ ...term, contract: text }, call);
        await publish(callerOf(call), result);
        return result.answer;
      }
      await count(callerOf(call));
      const question = questionOf(chains, { ...term, contract: text });
      const { served, condition } = question;
      const normal = parseAddress(served.chain.namespace, owner);
      if (normal === undefined) throw BadAddress({});
      const answer = await holdings.ofWallet(served, { wallet: normal, condition });
      if (answer === undefined || answer.state === "unknown") throw silentChain(served);
      return present(question, answer);
    },

    holding: async (term, call) => (await askOwn(term, call)).answer,
    tokenHolding: async (term, call) => (await askOwn(term, call)).answer,
  };
}

/** @throws UnknownChain, InvalidInput */
function questionOf(chains: ChainSet, { chainId, standard, ...term }: Term): Question {
  const served = chains.get(chainId);
  if (served === undefined) throw UnknownChain({ shown: { chains: [...chains.keys()] } });
  const { namespace } = served.chain;
  const usual = namespace === "solana" ? "spl" : "erc721";
  const condition = conditionOf({ ...term, standard: standard ?? usual }, namespace);
  if (typeof condition === "object") return { served, condition };
  const [field, message] = faultTexts[condition as keyof typeof faultTexts]; // The chain is known.
  throw InvalidInput({ fields: [{ field, message }] });
}
