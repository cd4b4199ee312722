import { checksumAddress } from "../address/evm-address.ts";

/** The facts of a sign-in, all chosen by the server. The text is stored and never read back from a client. */
export interface SignIn {
  /** Host of the public address, with its port. */
  readonly domain: string;
  readonly uri: string;
  /** In its normal form. */
  readonly address: string;
  readonly nonce: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  /** One line for the user, without line breaks. */
  readonly statement?: string;
}

/** The text of EIP-4361, version 1. @throws {RangeError} for a field that could look like another one */
export function evmSignInMessage(signIn: SignIn, chainId: number): string {
  if (!Number.isSafeInteger(chainId) || chainId < 1) throw new RangeError(`${chainId} is no chain id`);
  return messageOf(signIn, { network: "Ethereum", address: checksumAddress(signIn.address), chain: String(chainId) });
}

/** The same text in the form of Solana wallets. @param cluster such as `mainnet` */
export function solanaSignInMessage(signIn: SignIn, cluster: string): string {
  return messageOf(signIn, { network: "Solana", address: signIn.address, chain: cluster });
}

/** @throws {RangeError} for a field that could look like another one */
export function assertSignIn({ domain, uri, nonce, issuedAt, expiresAt, statement = "" }: SignIn): void {
  const { host, href } = new URL(uri);
  assertField("domain", domain, /^[\w.-]+(?::\d{1,5})?$|^\[[\da-f:]+\](?::\d{1,5})?$/);
  assertField("URI", uri, /^https?:\/\/[\x21-\x7e]+$/);
  assertField("nonce", nonce, /^[0-9a-zA-Z]{8,128}$/);
  assertField("statement", statement, /^[^\p{Cc}\p{Zl}\p{Zp}]{0,200}$/u);
  if (host !== domain) throw new RangeError(`the URI ${href} is not at ${domain}`);
  if (expiresAt <= issuedAt) throw new RangeError("the message expires before it is issued");
}

interface Form {
  readonly network: string;
  readonly address: string;
  readonly chain: string;
}

function messageOf(signIn: SignIn, { network, address, chain }: Form): string {
  assertSignIn(signIn);
  assertField("address", address, /^[0-9a-zA-Z]{32,44}$/);
  assertField("chain", chain, /^[\w:-]{1,64}$/);
  const { domain, uri, nonce, issuedAt, expiresAt, statement } = signIn;
  return [
    `${domain} wants you to sign in with your ${network} account:`,
    address,
    "",
    ...(statement === undefined ? [] : [statement]),
    "",
    `URI: ${uri}`,
    "Version: 1",
    `Chain ID: ${chain}`,
    `Nonce: ${nonce}`,
    `Issued At: ${issuedAt.toISOString()}`,
    `Expiration Time: ${expiresAt.toISOString()}`,
  ].join("\n");
}

function assertField(name: string, value: string, pattern: RegExp): void {
  if (!pattern.test(value)) throw new RangeError(`the ${name} of a sign-in cannot be ${JSON.stringify(value)}`);
}
