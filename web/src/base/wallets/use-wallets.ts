import { useEffect, useState } from "react";
import { findEthereumWallets } from "./ethereum.ts";
import { findSolanaWallets } from "./solana.ts";
import type { Wallet } from "./wallet.ts";

/** The wallets of this browser for these kinds of chains, in the order in which they say that they are there. */
export function useWallets(namespaces: readonly Wallet["namespace"][]): readonly Wallet[] {
  const [wallets, setWallets] = useState<readonly Wallet[]>([]);
  const [hasEthereum, hasSolana] = [namespaces.includes("eip155"), namespaces.includes("solana")];
  useEffect(() => {
    setWallets([]);
    const add = (wallet: Wallet) =>
      setWallets((list) => (list.some(({ id }) => id === wallet.id) ? list : [...list, wallet]));
    const ends = [...(hasEthereum ? [findEthereumWallets(add)] : []), ...(hasSolana ? [findSolanaWallets(add)] : [])];
    return () => {
      for (const end of ends) end();
    };
  }, [hasEthereum, hasSolana]);
  return wallets;
}
