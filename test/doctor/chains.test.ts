import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { describe, it } from "node:test";
import { loadConfig } from "../../cmd/compose/config.ts";
import { explain } from "../../cmd/compose/explain.ts";
import { chainChecks } from "../../cmd/doctor/chains.ts";
import { loadConfig as loadUnchecked } from "#kernel/config/load";
import { JsonServer } from "#test/servers/json-server";

const key = "s3cr3t";
const chain = { id: 5, namespace: "eip155", name: "Test", endpoints: [`http://127.0.0.1:1/v2/${key}`] };
const configure = (chains: unknown) => ({
  KINORA_CHAINS: typeof chains === "string" ? chains : JSON.stringify(chains),
});
const look = (chains: unknown) =>
  chainChecks(loadUnchecked([], configure(chains), tmpdir(), { names: [], aliases: {} }).config);

describe("the configuration of chains", () => {
  it("is refused at the start with one sentence and the exit code 2, without the address of an endpoint", () => {
    for (const [chains, says] of [
      ["[", "KINORA_CHAINS: must be JSON"],
      [[{ ...chain, agree: 2 }], "KINORA_CHAINS: at 0.agree: agree is larger than the number of endpoints"],
      [[{ ...chain, rpc: key }], 'KINORA_CHAINS: at 0: Unrecognized key: "rpc"'],
    ] as const) {
      const { text, code } = explained(() => loadConfig([], configure(chains), tmpdir()));
      assert.equal(code, 2);
      assert.ok(text.includes(says), text);
      assert.ok(!text.includes(key), text);
    }
    assert.ok(loadConfig([], configure([chain]), tmpdir()).config.auth.chains);
  });

  it("is examined by the doctor, which warns of silent chains and of endpoints that are trusted alone", async () => {
    assert.deepEqual(await look([]), []);
    const [fault] = await look([{ ...chain, agree: 2 }]);
    assert.equal(fault?.state, "missing");
    const [silent, alone] = await look([chain]);
    assert.deepEqual([silent?.state, silent?.name, alone?.state], ["warn", "chain Test", "warn"]);
    assert.match(silent?.says ?? "", /^cannot be asked: no_answer$/);
    assert.match(alone?.says ?? "", /^each of its endpoints is trusted alone \(127\.0\.0\.1:1\)/);
    assert.ok(!JSON.stringify([silent, alone]).includes(key));
  });

  it("is in order where two endpoints agree, each asked at its whole address", async () => {
    const servers = [startNode(), startNode()];
    for (const server of servers) await server.start();
    const endpoints = servers.map(({ origin }) => `${origin}/v2?apikey=${key}`);
    const [finding, ...others] = await look([{ ...chain, endpoints }]);
    assert.deepEqual([finding?.state, finding?.says, others], ["ok", "2 of 2 endpoints agree at block 255", []]);
    assert.deepEqual([...new Set(paths)], [`/v2?apikey=${key}`]);
    for (const server of servers) await server.stop();
  });
});

function explained(run: () => unknown): ReturnType<typeof explain> {
  try {
    run();
  } catch (error) {
    return explain(error);
  }
  throw new Error("it was not refused");
}

const paths: string[] = [];

/** A node whose latest block is 255, and whose finalized block is the same. */
const startNode = () =>
  new JsonServer(async (request) => {
    paths.push(request.url ?? "");
    const calls = [JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString())].flat() as {
      readonly id: number;
      readonly method: string;
    }[]; // Bodies of our client.
    const block = {
      number: "0xff",
      hash: `0x${"ab".repeat(32)}`,
      timestamp: `0x${Math.floor(Date.now() / 1_000).toString(16)}`,
    };
    return {
      status: 200,
      body: calls.map(({ id, method }) => ({ id, result: method === "eth_chainId" ? "0x5" : block })),
    };
  });
