import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { encodeAbiParameters, serializeErc6492Signature } from "viem";
import { hexOf } from "../bytes.ts";
import { askManyCode, askWalletCode } from "./code.ts";
import { manyQuestions, readManyAnswers } from "./many-questions.ts";
import { walletQuestion } from "./wallet-question.ts";

describe("the programs of one-shot.sol", () => {
  it("are the reviewed bytecode", () => {
    const hashes = [askWalletCode, askManyCode].map((code) => createHash("sha256").update(code).digest("hex"));
    assert.deepEqual(hashes, [
      "c3280056112a238276a6cce8cb4064993db75b605ba44d5a8c2094623e954b46",
      "c816a55a9e88bee08340dbd6f432fab41d427aafa77283e74d83c6421ad0bf9c",
    ]);
  });

  it("have arguments as viem encodes them", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(addresses, inputs), { maxLength: 40 }), (pairs) => {
        const questions = pairs.map(([target, input]) => ({ target, input: hexOf(input) as `0x${string}` })); // By hexOf.
        const code = manyQuestions(pairs.map(([target, input]) => ({ target, input })));
        const types = [
          {
            type: "tuple[]",
            components: [
              { name: "target", type: "address" },
              { name: "input", type: "bytes" },
            ],
          },
          { type: "uint256" },
        ] as const;
        assert.equal(hexOf(code.subarray(askManyCode.length)), encodeAbiParameters(types, [questions, 150_000n]));
      }),
    );
  });

  it("ask a wallet with the parts of a wrapped signature (EIP-6492)", () => {
    fc.assert(
      fc.property(addresses, addresses, inputs, inputs, (wallet, factory, prepare, signature) => {
        const [data, inner] = [hexOf(prepare) as `0x${string}`, hexOf(signature) as `0x${string}`]; // By hexOf.
        const wrapped = serializeErc6492Signature({ address: factory, data, signature: inner });
        const code = walletQuestion(wallet, digest, wrapped) ?? new Uint8Array();
        const types = [
          { type: "address" },
          { type: "bytes32" },
          { type: "bytes" },
          { type: "address" },
          { type: "bytes" },
        ] as const;
        const expected = encodeAbiParameters(types, [wallet, `0x${"0a".repeat(32)}`, inner, factory, data]);
        assert.equal(hexOf(code.subarray(askWalletCode.length)), expected);
      }),
    );
  });

  it("fit into the code that a chain runs at once (EIP-3860), with 30 questions", () => {
    const question = { target: `0x${"11".repeat(20)}`, input: new Uint8Array(68) };
    assert.ok(manyQuestions(Array.from({ length: 30 }, () => question)).length < 49_152);
  });

  it("give one word or nothing for each question", () => {
    const [word, nothing] = [`01${"ab".repeat(32)}`, "00".repeat(33)];
    assert.deepEqual(readManyAnswers(`0x${word}${nothing}`, 2), [`0x${"ab".repeat(32)}`, ""]);
    for (const result of ["0x", `0x${word}`, `0x${word}${nothing}00`, `0x${word}02${"00".repeat(32)}`, "", "null"])
      assert.equal(readManyAnswers(result, 2), undefined, result);
    assert.equal(readManyAnswers(`0x00${"ab".repeat(32)}`, 1), undefined);
  });
});

const digest = new Uint8Array(32).fill(10);
const inputs = fc.uint8Array({ minLength: 1, maxLength: 100, size: "max" });
const addresses = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .filter((bytes) => bytes.some((byte) => byte > 0))
  .map((bytes) => hexOf(bytes) as `0x${string}`); // By hexOf.
