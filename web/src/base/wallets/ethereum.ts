import { pictureOf, type Wallet, WalletRefused } from "./wallet.ts";

/** The interface of Ethereum wallets (EIP-1193). */
interface Provider {
  request(call: { method: string; params?: readonly unknown[] }): Promise<unknown>;
}
interface Announcement {
  readonly info: { readonly uuid: string; readonly name: string; readonly icon: string };
  readonly provider: Provider;
}

const refused = 4001;

/** Looks for Ethereum wallets, which announce themselves (EIP-6963). @returns an end of the look */
export function findEthereumWallets(onFound: (wallet: Wallet) => void): () => void {
  let isAnnounced = false;
  const onAnnounced = (event: Event) => {
    const { detail } = event as CustomEvent<Announcement | undefined>; // By its name.
    if (detail?.provider === undefined) return;
    isAnnounced = true;
    const { uuid, name, icon } = detail.info;
    onFound(walletOf(detail.provider, { id: uuid, name, icon: pictureOf(icon) }));
  };
  globalThis.addEventListener("eip6963:announceProvider", onAnnounced);
  globalThis.dispatchEvent(new Event("eip6963:requestProvider"));
  // Wallets from before the announcements have one place, which the last of them takes.
  const { ethereum } = globalThis as { ethereum?: Provider };
  if (!isAnnounced && ethereum !== undefined)
    onFound(walletOf(ethereum, { id: "ethereum", name: "Ethereum", icon: null }));
  return () => globalThis.removeEventListener("eip6963:announceProvider", onAnnounced);
}

function walletOf(provider: Provider, named: Pick<Wallet, "id" | "name" | "icon">): Wallet {
  const ask = async (method: string, params: readonly unknown[] = []): Promise<unknown> => {
    try {
      return await provider.request({ method, params });
    } catch (error) {
      if (typeof error === "object" && error !== null && "code" in error && error.code === refused)
        throw new WalletRefused();
      throw error;
    }
  };
  return {
    ...named,
    namespace: "eip155",
    async connect() {
      const accounts = await ask("eth_requestAccounts");
      const [address] = Array.isArray(accounts) ? accounts : [];
      if (typeof address !== "string") throw new WalletRefused();
      return { address, chainId: Number(await ask("eth_chainId")) };
    },
    async sign(message, address) {
      return String(await ask("personal_sign", [hexOf(new TextEncoder().encode(message)), address])).toLowerCase();
    },
  };
}

const hexOf = (bytes: Uint8Array): string =>
  `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
