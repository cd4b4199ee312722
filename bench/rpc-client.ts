import assert from "node:assert/strict";
import { connect } from "node:http2";
import { createInterface } from "node:readline";
import { newCall } from "#kernel/call";
import type { Client } from "#kernel";
import { silentLog } from "#kernel/log/port";
import { staticRegistry } from "#kernel/registry/static";
import { RpcClients } from "#kernel/rpc/client";
import { ids, secret, tags, tagsLock } from "./rpc-contract.ts";

/**
 * Asks the server of `bench/rpc-server.ts` from a process of its own, with so many calls at a time. Each line on standard
 * input is a number of milliseconds to measure; the answer is a line of JSON.
 */
const [, , mode, port = "", concurrency = "32"] = process.argv;
type Ask = () => Promise<{ items: readonly unknown[] }>;

function kinora(): Ask {
  const clients = new RpcClients({
    registry: staticRegistry({ tags: [`127.0.0.1:${port}`] }),
    lock: tagsLock,
    secret,
    log: silentLog,
    elapsed: () => performance.now(),
    random: Math.random,
  });
  const client = clients.client(tags, "bench") as unknown as Client<typeof tags>; // Made from this contract.
  return () => client.byIds({ ids }, newCall({ caller: "bench", userId: 123_456_789, role: "user" }));
}

function bare(): Ask {
  const session = connect(`http://127.0.0.1:${port}`);
  return () =>
    new Promise((resolve, reject) => {
      const stream = session.request({ ":method": "POST", ":path": "/tags", "content-type": "application/json" });
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
      stream.on("error", reject);
      stream.end(JSON.stringify({ ids }));
    });
}

const ask = mode === "bare" ? bare() : kinora();
assert.equal((await ask()).items.length, ids.length);

async function measure(ms: number): Promise<object> {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  let calls = 0;
  const worker = async () => {
    while (performance.now() - began < ms) {
      await ask();
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: Number(concurrency) }, worker));
  const { user, system } = process.cpuUsage(cpu);
  return { calls, seconds: (performance.now() - began) / 1_000, cpuUs: user + system };
}

process.stdout.write("ready\n");
for await (const line of createInterface(process.stdin)) {
  process.stdout.write(`${JSON.stringify(await measure(Number(line)))}\n`);
}
process.exit();
