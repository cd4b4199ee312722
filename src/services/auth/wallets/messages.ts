import type { Chain } from "#chain/chains";
import { evmSignInMessage, type SignIn, solanaSignInMessage } from "#chain/message/sign-in";
import { typedSignIn, type TypedSignIn } from "#chain/message/typed-data";

/** The main cluster of Solana, as wallets name it. */
const mainnet = "mainnet";
/** A reference of a cluster of Solana: so many letters of its genesis hash (CAIP-30). */
const referenceLetters = 32;

/** The text that a wallet signs, and its typed data where it signs that. Pure. */
export function messageOf(
  signIn: SignIn,
  { id, namespace, genesis }: Pick<Chain, "id" | "namespace" | "genesis">,
  isTyped: boolean,
): { readonly message: string; readonly typedData?: TypedSignIn } {
  if (namespace === "solana")
    return { message: solanaSignInMessage(signIn, id === -1 ? mainnet : genesis.slice(0, referenceLetters)) };
  if (!isTyped) return { message: evmSignInMessage(signIn, id) };
  const typedData = typedSignIn(signIn, id);
  return { message: JSON.stringify(typedData), typedData };
}
