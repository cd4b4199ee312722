import { createServer, type Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { invoke } from "#kernel/host/chain";
import type { Db } from "#kernel/db/port";
import type { KernelTables } from "#kernel/db/tables";
import { noFailpoints } from "#kernel/environment/failpoint";
import { silentLog } from "#kernel/log/port";
import { describeContract } from "#kernel/rpc/wire/contract-descriptor";
import { createRpcServer } from "#kernel/rpc/server/server";
import { createPrometheusMetrics } from "#kernel/telemetry/prometheus";
import { withTrace } from "#kernel/trace";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { secret, tag, tags, tagsLock } from "./rpc-contract.ts";

/**
 * Answers the call of `bench/server/rpc-contract.ts` in a process of its own: `kinora` as a service does, `bare` with JSON alone,
 * `library` by a library of gRPC without identity, validation and metrics.
 */
const [, , mode] = process.argv;
const byIds = async ({ ids }: { readonly ids: readonly number[] }) => ({ items: ids.map(tag) });

async function kinora(): Promise<number> {
  const chain = {
    service: "tags",
    name: "byIds",
    method: tags.methods.byIds,
    handler: byIds,
    db: undefined as unknown as Db<KernelTables>, // Only commands with an idempotency key ask it.
    failpoints: noFailpoints,
    ids: { isReady: () => true, renew: async () => undefined },
    instance: "bench",
  };
  const { port } = await createRpcServer(
    {
      contracts: [tags],
      lock: tagsLock,
      secrets: [secret],
      host: {
        dispatch: (_, __, input, call) => withTrace(call.traceId, () => invoke(chain, input, call)),
        consumers: new Map(),
        deliver: async () => undefined,
      },
      ready: async () => ({}),
      log: silentLog,
      metrics: createPrometheusMetrics(),
    },
    { host: "127.0.0.1", port: 0 },
  );
  return port;
}

function bare(): Promise<number> {
  const server = createServer();
  server.on("stream", (stream) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const input = JSON.parse(Buffer.concat(chunks).toString()) as { ids: number[] }; // As the client of the benchmark sends it.
      void byIds(input).then((answer) => {
        stream.respond({ ":status": 200, "content-type": "application/json" });
        stream.end(JSON.stringify(answer));
      });
    });
  });
  return listening(server);
}

const listening = (server: Http2Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)); // It listens on TCP.
  });

function library(): Promise<number> {
  const { service } = describeContract(tags, tagsLock);
  const handler = connectNodeAdapter({
    routes: (router) =>
      router.service(service, {
        byIds: async ({ ids }: { ids: bigint[] }) => ({
          items: ids.map((id) => {
            const { id: _, videoCount, createdAtMs, ...otherFields } = tag(Number(id));
            return { ...otherFields, id, videoCount: BigInt(videoCount), createdAtMs: BigInt(createdAtMs) };
          }),
        }),
      } as never), // DescribedContract at run time.
  });
  return listening(createServer(handler));
}

const servers = { kinora, bare, library };
process.stdout.write(`port ${await servers[mode as keyof typeof servers]()}\n`); // As rpc.ts starts it.
