import { base58Of } from "./base58.ts";
import { pictureOf, type Wallet, WalletRefused } from "./wallet.ts";

interface Account {
  readonly address: string;
}
/** A wallet as Wallet Standard describes it. */
interface StandardWallet {
  readonly name: string;
  readonly icon: string;
  readonly features: {
    readonly "standard:connect"?: { connect(): Promise<{ readonly accounts: readonly Account[] }> };
    readonly "solana:signMessage"?: {
      signMessage(input: {
        readonly account: Account;
        readonly message: Uint8Array;
      }): Promise<readonly { readonly signature: Uint8Array }[]>;
    };
  };
}
interface Registry {
  readonly register: (...wallets: readonly StandardWallet[]) => () => void;
}

/** Looks for Solana wallets, which register themselves (Wallet Standard). @returns an end of the look */
export function findSolanaWallets(onFound: (wallet: Wallet) => void): () => void {
  const registry: Registry = {
    register(...wallets) {
      for (const wallet of wallets) {
        const usable = walletOf(wallet);
        if (usable !== undefined) onFound(usable);
      }
      return () => undefined;
    },
  };
  const onRegister = (event: Event) => {
    const { detail } = event as CustomEvent<((registry: Registry) => void) | undefined>; // By its name.
    detail?.(registry);
  };
  globalThis.addEventListener("wallet-standard:register-wallet", onRegister);
  globalThis.dispatchEvent(new CustomEvent("wallet-standard:app-ready", { detail: registry }));
  return () => globalThis.removeEventListener("wallet-standard:register-wallet", onRegister);
}

function walletOf({ name, icon, features }: StandardWallet): Wallet | undefined {
  const connect = features["standard:connect"];
  const signing = features["solana:signMessage"];
  if (connect === undefined || signing === undefined) return undefined;
  let account: Account | undefined;
  return {
    id: `solana ${name}`,
    name,
    icon: pictureOf(icon),
    namespace: "solana",
    async connect() {
      const { accounts } = await orRefused(connect.connect());
      [account] = accounts;
      if (account === undefined) throw new WalletRefused();
      return { address: account.address, chainId: null };
    },
    async sign(message) {
      if (account === undefined) throw new WalletRefused();
      const [signed] = await orRefused(signing.signMessage({ account, message: new TextEncoder().encode(message) }));
      if (signed === undefined) throw new WalletRefused();
      return base58Of(signed.signature);
    },
  };
}

/** These wallets have no code for a user who said no. */
const orRefused = <T>(answer: Promise<T>): Promise<T> =>
  answer.catch((cause: unknown) => {
    throw new WalletRefused("", { cause });
  });
