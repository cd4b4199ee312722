import { encodeAbiParameters, encodeFunctionData, parseAbi } from "viem";
import type { Anvil } from "#test/servers/anvil";
import { contractCode } from "./contract-code.ts";

const abi = parseAbi([
  "function mint(address to, uint256 id)",
  "function mint(address to, uint256 id, uint256 amount)",
  "function transferFrom(address from, address to, uint256 id)",
  "function transfer(address to, uint256 amount)",
  "function lend(address borrower, address collection, uint256 id)",
  "function make(address key, bytes32 salt)",
]);
type Call = Parameters<typeof encodeFunctionData<typeof abi>>[0];

export const hex = (address: string): `0x${string}` => `0x${address.slice(2)}`;

/** Deploys one of the contracts of the tests. @returns its address in the normal form */
export async function deploy(
  chain: Anvil,
  name: keyof typeof contractCode,
  ...words: readonly bigint[]
): Promise<string> {
  const values = words.map(() => ({ type: "uint256" }) as const);
  const [from = ""] = chain.accounts;
  const address = await chain.send(
    from,
    `0x${contractCode[name].join("")}${encodeAbiParameters(values, words).slice(2)}`,
  );
  return address.toLowerCase();
}

/** A call of a contract of the tests, encoded by viem. */
export const callData = (functionName: Call["functionName"], ...args: readonly unknown[]): string =>
  encodeFunctionData({ abi, functionName, args } as Call); // The chain refuses arguments of other types.
