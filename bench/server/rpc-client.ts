import assert from "node:assert/strict";
import { connect } from "node:http2";
import { createInterface } from "node:readline";
import { newCall } from "#kernel/call";
import type { Client } from "#kernel";
import { silentLog } from "#kernel/log/port";
import { createStaticRegistry } from "#kernel/registry/static";
import { RpcClients } from "#kernel/rpc/client/client";
import { describeContract } from "#kernel/rpc/wire/contract-descriptor";
import type { DescMethodUnary } from "@bufbuild/protobuf";
import { createConnectTransport } from "@connectrpc/connect-node";
import { ids, secret, tags, tagsLock } from "./rpc-contract.ts";

/**
 * Asks the server of `bench/server/rpc-server.ts` from a process of its own. Each line on standard input has the
 * milliseconds to measure, and the number of calls at a time. The answer is a line of JSON.
 */
const [, , mode, port = ""] = process.argv;
type Ask = () => Promise<{ items: readonly unknown[] }>;

function kinora(): Ask {
  const clients = new RpcClients({
    registry: createStaticRegistry({ tags: [`127.0.0.1:${port}`] }),
    lock: tagsLock,
    secrets: [secret],
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

/** As the services of this repository asked each other before they had a codec of their own. */
function library(): Ask {
  const transport = createConnectTransport({
    baseUrl: `http://127.0.0.1:${port}`,
    httpVersion: "2",
    useBinaryFormat: true,
  });
  const desc = describeContract(tags, tagsLock).methods.get("byIds")?.desc as DescMethodUnary; // It does not stream.
  const wide = ids.map(BigInt);
  return async () => {
    const { message } = await transport.unary(desc, undefined, 10_000, {}, { ids: wide });
    return message as unknown as { items: readonly unknown[] };
  };
}

const asks = { kinora, bare, library };
const ask = asks[mode as keyof typeof asks](); // As rpc.ts starts it.
assert.equal((await ask()).items.length, ids.length);

async function measure(ms: number, concurrency: number): Promise<object> {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  let calls = 0;
  const worker = async () => {
    while (performance.now() - began < ms) {
      await ask();
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const { user, system } = process.cpuUsage(cpu);
  return { calls, seconds: (performance.now() - began) / 1_000, cpuUs: user + system };
}

process.stdout.write("ready\n");
for await (const line of createInterface(process.stdin)) {
  const [ms = 0, concurrency = 1] = line.split(" ").map(Number);
  process.stdout.write(`${JSON.stringify(await measure(ms, concurrency))}\n`);
}
process.exit();
