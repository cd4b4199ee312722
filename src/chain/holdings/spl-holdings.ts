import { z } from "zod";
import { solanaAddressBytesOf } from "../address/solana-address.ts";
import { type RpcAnswer, resultOf } from "../endpoints/json-rpc.ts";
import { EndpointError } from "../endpoints/port.ts";
import { readSolana, type SolanaQuestion, type SolanaReading } from "../endpoints/solana-reader.ts";
import type { ChainSource } from "../endpoints/source.ts";
import { type Holding, holdingOf, type HoldingCheck } from "./condition.ts";

const tokenProgram = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";
const token2022Program = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb";
/** Mint, owner and amount of a token account; its state, of which 1 is usable and 2 frozen. */
const layout = { mint: 0, owner: 32, amount: 64, state: 108, length: 165 } as const;
/** Longer accounts have extensions behind a byte that says which kind of account it is. */
const accountKind = 2;
const usable = 1;
const frozen = 2;

const TokenAccounts = z.object({
  value: z
    .array(
      z.object({
        pubkey: z.string().max(44),
        account: z.object({ owner: z.string().max(44), data: z.tuple([z.base64().max(16_384), z.literal("base64")]) }),
      }),
    )
    .max(10_000),
});

/**
 * One holding for each check, in their order; equal questions are asked once.
 * @throws {RangeError} for an address that is not in its normal form
 */
export async function splHoldings(source: ChainSource, checks: readonly HoldingCheck[]): Promise<readonly Holding[]> {
  const questions = new Map<string, SolanaQuestion>();
  const keys = checks.map(({ wallet, condition }) => {
    if (condition.standard !== "spl") throw new RangeError(`${condition.standard} tokens are not on Solana`);
    const key = `${wallet} ${condition.contract}`;
    questions.set(key, questionOf(wallet, condition.contract));
    return key;
  });
  const readings = await readSolana(source, [...questions.values()]);
  const byKey = new Map([...questions.keys()].map((key, index) => [key, readings[index]]));
  return checks.map(({ condition }, index) => interpret(condition.min, byKey.get(keys[index] ?? "")));
}

function interpret(min: bigint, reading: SolanaReading | undefined): Holding {
  if (reading === undefined) return { state: "unavailable", fault: "no_answer" };
  if ("fault" in reading) return { state: "unavailable", fault: reading.fault };
  return holdingOf(min, reading, reading.slot);
}

function questionOf(wallet: string, mint: string): SolanaQuestion {
  const ownerBytes = Buffer.from(solanaAddressBytesOf(wallet));
  const mintBytes = Buffer.from(solanaAddressBytesOf(mint));
  return {
    call: (commitment, minContextSlot) => ({
      method: "getTokenAccountsByOwner",
      params: [wallet, { mint }, { encoding: "base64", commitment, minContextSlot }],
    }),
    read: (answer) => balanceOf(answer, ownerBytes, mintBytes),
  };
}

/** The sum of the usable accounts. @throws {EndpointError} for an account that is not what was asked for */
function balanceOf(answer: RpcAnswer, owner: Buffer, mint: Buffer): bigint {
  const { value } = resultOf(TokenAccounts, answer);
  if (new Set(value.map(({ pubkey }) => pubkey)).size !== value.length) throw new EndpointError("bad_answer");
  let sum = 0n;
  for (const { account } of value) {
    const bytes = Buffer.from(account.data[0], "base64");
    const isToken = account.owner === tokenProgram && bytes.length === layout.length;
    const isExtended = bytes.length === layout.length || bytes[layout.length] === accountKind;
    const isToken2022 = account.owner === token2022Program && bytes.length >= layout.length && isExtended;
    if (!isToken && !isToken2022) throw new EndpointError("bad_answer");
    const isAsked =
      bytes.subarray(layout.mint, layout.owner).equals(mint) &&
      bytes.subarray(layout.owner, layout.amount).equals(owner);
    const state = bytes[layout.state];
    if (!isAsked || (state !== usable && state !== frozen)) throw new EndpointError("bad_answer");
    if (state === usable) sum += bytes.readBigUInt64LE(layout.amount);
  }
  return sum;
}
