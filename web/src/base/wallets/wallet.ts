/** A wallet of this browser: an extension, or an app that this page is open in. */
export interface Wallet {
  readonly id: string;
  readonly name: string;
  /** A picture as a data URI; null where it has none, or one elsewhere. */
  readonly icon: string | null;
  readonly namespace: "eip155" | "solana";
  /** Asks its user for an account. `chainId`: the chain that it is on; null where that does not matter. */
  connect(): Promise<{ readonly address: string; readonly chainId: number | null }>;
  /** Asks its user to sign a text. */
  sign(message: string, address: string): Promise<string>;
}

/** The user of the wallet said no. */
export class WalletRefused extends Error {}

/** A picture elsewhere would let a wallet see who opens the page. */
export const pictureOf = (icon: unknown): string | null =>
  typeof icon === "string" && icon.startsWith("data:image/") ? icon : null;
