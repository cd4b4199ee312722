import { evmAddressBytesOf } from "../address/evm-address.ts";
import { bytesOfHex, hexOf, joinBytes } from "../bytes.ts";
import { wordBytes, wordOf } from "../word.ts";
import { dynamicBytes, dynamicList, dynamicTuple, encodeArguments } from "./abi.ts";
import { askManyCode } from "./code.ts";

/** A call of a contract that is answered by one word. */
export interface Question {
  /** In its normal form. */
  readonly target: string;
  readonly input: Uint8Array;
}

/** The gas of one question: what a proxy with several reads of its storage needs, several times over. */
const shareGas = 150_000n;
const answerBytes = 1 + wordBytes;

/** The code that asks all questions, each with a share of gas of its own, so that none can spend another's. */
export function manyQuestions(questions: readonly Question[]): Uint8Array {
  const tuples = questions.map(({ target, input }) => {
    const answerer = joinBytes(new Uint8Array(12), evmAddressBytesOf(target));
    return dynamicTuple([answerer, dynamicBytes(input)]);
  });
  return joinBytes(askManyCode, encodeArguments([dynamicList(tuples), wordOf(shareGas)]));
}

/**
 * A word as `0x` and digits for each question, or an empty text where the contract gave anything else. Undefined unless
 * the answer has exactly their length.
 */
export function readManyAnswers(result: string, count: number): readonly string[] | undefined {
  const bytes = bytesOfHex(result);
  if (bytes?.length !== count * answerBytes) return undefined;
  const answers = Array.from({ length: count }, (_, index) => {
    const answer = bytes.subarray(index * answerBytes, (index + 1) * answerBytes);
    return { isWord: answer[0] === 1, isNone: answer.every((byte) => byte === 0), word: hexOf(answer.subarray(1)) };
  });
  return answers.every(({ isWord, isNone }) => isWord || isNone)
    ? answers.map(({ isWord, word }) => (isWord ? word : ""))
    : undefined;
}
