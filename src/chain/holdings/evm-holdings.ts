import { evmAddressBytesOf } from "../address/evm-address.ts";
import { bytesOfHex, hexOf, joinBytes } from "../bytes.ts";
import { type Program, type Reading, readPrograms } from "../endpoints/evm-reader.ts";
import type { ChainSource } from "../endpoints/source.ts";
import { manyQuestions, type Question, readManyAnswers } from "../one-shot/many-questions.ts";
import { wordOf } from "../word.ts";
import { type Holding, holdingOf, type HoldingCheck, type TokenCondition } from "./condition.ts";

const questionsPerProgram = 30;
/** All shares of 30 questions and the program itself; some providers allow 10 million for a call. */
const programGas = 6_000_000;
const selectors = { ownerOf: "0x6352211e", balanceOf: "0x70a08231", balanceOfId: "0x00fdd58e" } as const;

/**
 * One holding for each check, in their order. Equal questions are asked once, all of them in few batches.
 * @throws {RangeError} for an address that is not in its normal form, among them the zero address
 */
export async function evmHoldings(source: ChainSource, checks: readonly HoldingCheck[]): Promise<readonly Holding[]> {
  const questions = new Map<string, Question>();
  const keys = checks.map((check) => {
    const question = questionOf(check);
    const key = `${question.target} ${hexOf(question.input)}`;
    questions.set(key, question);
    return key;
  });
  const distinct = [...questions.values()];
  const groups = Array.from({ length: Math.ceil(distinct.length / questionsPerProgram) }, (_, index) =>
    distinct.slice(index * questionsPerProgram, (index + 1) * questionsPerProgram),
  );
  const readings = (await readPrograms(source, groups.map(programOf))).flat();
  const byKey = new Map([...questions.keys()].map((key, index) => [key, readings[index]]));
  return checks.map((check, index) => interpret(check, byKey.get(keys[index] ?? "")));
}

const programOf = (questions: readonly Question[]): Program => ({
  code: manyQuestions(questions),
  gas: programGas,
  count: questions.length,
  isAtGrant: true,
  read: (result) => readManyAnswers(result, questions.length),
});

function interpret({ wallet, condition }: HoldingCheck, reading: Reading | undefined): Holding {
  if (reading === undefined) return { state: "unavailable", fault: "no_answer" };
  if ("fault" in reading) return { state: "unavailable", fault: reading.fault };
  const { latest, grant, blocks } = reading;
  const balances = { latest: balanceIn(condition, wallet, latest), grant: balanceIn(condition, wallet, grant) };
  return holdingOf(condition.min, balances, blocks.latest.number);
}

/** @param word empty where the contract gave none */
function balanceIn(condition: TokenCondition, wallet: string, word: string): bigint {
  if (word === "") return 0n;
  if (condition.standard !== "erc721" || condition.tokenId === undefined) return BigInt(word);
  return word === `0x${"0".repeat(24)}${wallet.slice(2)}` ? 1n : 0n;
}

function questionOf({ wallet, condition }: HoldingCheck): Question {
  const { standard, contract: target } = condition;
  const owner = joinBytes(new Uint8Array(12), evmAddressBytesOf(wallet));
  if (standard === "spl") throw new RangeError("an SPL token is not on an EVM chain");
  if (standard === "erc1155") return { target, input: callOf("balanceOfId", owner, wordOf(condition.tokenId)) };
  if (standard === "erc721" && condition.tokenId !== undefined)
    return { target, input: callOf("ownerOf", wordOf(condition.tokenId)) };
  return { target, input: callOf("balanceOf", owner) };
}

const callOf = (method: keyof typeof selectors, ...words: readonly Uint8Array[]): Uint8Array =>
  joinBytes(bytesOfHex(selectors[method]) ?? new Uint8Array(), ...words);
