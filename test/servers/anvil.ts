import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { freePorts } from "../ports.ts";
import { until } from "../until.ts";

const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
const program = join(import.meta.dirname, `../../node_modules/@foundry-rs/anvil-${platform}/bin/anvil`);
const Envelope = z.object({ result: z.unknown(), error: z.object({ message: z.string() }).optional() });

/** An EVM chain of its own on loopback. A block is made for each transaction, and finalized two blocks later. */
export interface Anvil extends AsyncDisposable {
  readonly url: string;
  /** Funded accounts, which the chain signs for. */
  readonly accounts: readonly string[];
  /** One JSON-RPC call. @throws for an error */
  ask(method: string, ...params: readonly unknown[]): Promise<unknown>;
  mine(blocks: number): Promise<void>;
  /** Sends a transaction and waits for its block. @returns the address of the contract that it made, if any */
  send(from: string, data: string, to?: string): Promise<string>;
}

export async function startAnvil(chainId: number): Promise<Anvil> {
  assert.ok(existsSync(program), `anvil is in no package for ${platform}`);
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    program,
    [
      "--host",
      "127.0.0.1",
      "--port",
      String(port),
      "--chain-id",
      String(chainId),
      "--slots-in-an-epoch",
      "1",
      "--silent",
    ],
    { stdio: "ignore" },
  );
  const ask = async (method: string, ...params: readonly unknown[]): Promise<unknown> => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    const { result, error } = Envelope.parse(await answer.json());
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  };
  const accounts = z.array(z.string()).parse(await until(() => ask("eth_accounts").catch(() => undefined)));
  return {
    url,
    accounts,
    ask,
    mine: async (blocks) => void (await ask("anvil_mine", `0x${blocks.toString(16)}`)),
    async send(from, data, to) {
      const hash = await ask("eth_sendTransaction", { from, data, gas: "0x2dc6c0", ...(to !== undefined && { to }) });
      const look = async () => (await ask("eth_getTransactionReceipt", hash)) ?? undefined;
      const receipt = Receipt.parse(await until(look));
      assert.equal(receipt.status, "0x1", "the transaction was reverted");
      return receipt.contractAddress ?? "";
    },
    [Symbol.asyncDispose]: () => end(child),
  };
}

const Receipt = z.object({ status: z.string(), contractAddress: z.string().nullish() });

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}
