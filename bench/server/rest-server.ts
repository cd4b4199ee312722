import type { AddressInfo } from "node:net";
import { contract, Id, Instant, page, pageInput, plugin, query } from "#kernel";
import { migrate } from "#kernel/db/upgrade/migrate";
import { openDb } from "#kernel/db/pool";
import { embeddedCache } from "#kernel/cache/embedded";
import { DiskBlobStore } from "#kernel/blob/disk/disk";
import { realDisk } from "#kernel/environment/disk";
import { realEnvironment } from "#kernel/environment/environment";
import { noFailpoints } from "#kernel/environment/failpoint";
import { ServiceHost } from "#kernel/host/host";
import { createFastifyServer } from "#kernel/http/fastify/fastify";
import { createSealing } from "#kernel/keys/sealing";
import { silentLog } from "#kernel/log/port";
import { createGuardedOutgoing } from "#kernel/outgoing/guarded";
import { createPrometheusMetrics } from "#kernel/telemetry/prometheus";
import fastify from "fastify";
import { z } from "zod";
import { failureOf } from "../../src/gateway/format/envelope.ts";
import { gateway } from "../../src/gateway/gateway.ts";

/**
 * Serves the same object and lists two ways, for `bench/server/rest.ts`: `contract` through the gateway, `plain` by
 * Fastify alone. The list `stored` comes from PostgreSQL by the same statement in both.
 */
const [, , mode, folder = "", socket = ""] = process.argv;
interface Tables {
  tags: { id: number; name: string; video_count: number; is_hot: boolean; created_at_ms: number };
}
const address = { host: socket, user: "kinora", database: "postgres" };
const db = openDb<Tables>(address, { service: "bench" });
const listStored = (limit: number) =>
  db
    .selectFrom("tags")
    .select(["id", "name", "video_count as videoCount", "is_hot as isHot", "created_at_ms as createdAtMs"])
    .orderBy("id")
    .limit(limit)
    .execute();
const Tag = z.object({ id: Id, name: z.string(), videoCount: z.int(), isHot: z.boolean(), createdAtMs: Instant });
const tag = (id: number) => ({
  id,
  name: `tag number ${id}`,
  videoCount: id * 3,
  isHot: id % 2 === 0,
  createdAtMs: 1_790_000_000_000 + id,
});

const benchContract = contract("bench", 1, {
  get: query({ http: "GET /api/v1/bench/:id", auth: "public", input: z.object({ id: Id }), output: Tag }),
  stored: query({
    http: "GET /api/v1/bench/stored",
    auth: "public",
    input: z.object(pageInput),
    output: page(Tag),
  }),
  list: query({ http: "GET /api/v1/bench", auth: "public", input: z.object(pageInput), output: page(Tag) }),
});
const benchPlugin = plugin({
  contract: benchContract,
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {
      get: async ({ id }) => tag(id),
      stored: async ({ limit }) => ({ items: await listStored(limit), next: null, total: limit }),
      list: async ({ limit }) => ({
        items: Array.from({ length: limit }, (_, i) => tag(i + 1)),
        next: null,
        total: limit,
      }),
    },
  }),
});

async function contractPort(): Promise<number> {
  const parts = {
    log: silentLog,
    metrics: createPrometheusMetrics(),
    cache: embeddedCache(),
    blob: new DiskBlobStore({ folder, disk: realDisk, failpoints: noFailpoints, now: Date.now }),
  };
  const host = new ServiceHost({
    ...parts,
    environment: realEnvironment(),
    outgoing: createGuardedOutgoing({ allow: [], log: silentLog }),
    instance: "bench",
    settings: () => ({}),
    sealing: createSealing(["a cluster secret of a benchmark"]),
    // The kernel's own tables beside the one that is measured.
    async open(schema) {
      const { service } = schema;
      await migrate({ address, schemas: [schema] });
      return openDb(address, { service });
    },
  });
  await host.add(benchPlugin);
  const server = await createFastifyServer({ ...parts, failed: failureOf, trustedProxies: [] });
  await gateway(server, {
    ...parts,
    contracts: [benchContract],
    client: (c) => host.client(c, "gateway"),
    version: "0.0.0",
    instance: "bench",
    site: { name: "bench", uploadBytesMax: 1 },
    web: folder,
    limits: undefined,
    hotBytesMax: 0,
    ready: async () => ({}),
  });
  return server.listen({ port: 0, host: "127.0.0.1" });
}

async function plainPort(): Promise<number> {
  const app = fastify();
  const spelt = (id: number) => ({
    id,
    name: `tag number ${id}`,
    video_count: id * 3,
    is_hot: id % 2 === 0,
    created_at: new Date(1_790_000_000_000 + id).toISOString(),
  });
  app.get("/api/v1/bench/:id", async (request) => ({
    code: 0,
    message: "success",
    data: spelt(Number((request.params as { id: string }).id)),
  }));
  app.get("/api/v1/bench/stored", async () => ({
    code: 0,
    message: "success",
    data: {
      list: (await listStored(20)).map(({ videoCount, isHot, createdAtMs, ...same }) => ({
        ...same,
        video_count: videoCount,
        is_hot: isHot,
        created_at: new Date(createdAtMs).toISOString(),
      })),
      total: 20,
      page: 1,
      page_size: 20,
      next_cursor: null,
      has_more: false,
    },
  }));
  app.get("/api/v1/bench", async () => ({
    code: 0,
    message: "success",
    data: {
      list: Array.from({ length: 20 }, (_, i) => spelt(i + 1)),
      total: 20,
      page: 1,
      page_size: 20,
      next_cursor: null,
      has_more: false,
    },
  }));
  await app.listen({ port: 0, host: "127.0.0.1" });
  return (app.server.address() as AddressInfo).port; // It listens on TCP.
}

process.stdout.write(`port ${mode === "plain" ? await plainPort() : await contractPort()}\n`);
