import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { jetstream } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { serviceRegistered } from "#events/monitor";
import { contract, on, plugin } from "#kernel";
import { createJetStreamBus } from "#kernel/bus/jetstream/bus";
import { callOf, TestHost } from "#kernel/host/testing";
import { silentLog } from "#kernel/log/port";
import { monitor } from "#services/monitor/contract";
import { monitorPlugin } from "#services/monitor/plugin";
import { type Nats, startNats } from "../servers/nats.ts";
import { until } from "../until.ts";

it("events reach services and consumers outside over JetStream, under the subject that docs/events.md has", async () => {
  await host.client(monitor).report(report, callOf(undefined, { caller: "test" }));
  await until(async () => consumed.length === 2);
  assert.deepEqual(consumed, ["gateway", "video"]);
  const connection = await connect({ servers: nats?.url ?? "" });
  try {
    const events = await jetstream(connection).consumers.get("KINORA_EVENTS", {
      filter_subjects: "kinora.events.*.monitor",
    });
    const received = [];
    for await (const message of await events.fetch({ max_messages: 2, expires: 10_000 })) received.push(message);
    assert.deepEqual(
      received.map((message) => [
        message.headers?.get("Kinora-Type"),
        message.headers?.get("Kinora-Source"),
        message.json(),
      ]),
      ["gateway", "video"].map((name) => [
        "service.registered.v1",
        "monitor",
        { name, process: "a", address: "host", version: "0.0.0", startedAtMs: 1 },
      ]),
    );
    assert.ok(received.every(({ headers }) => headers?.get("Nats-Msg-Id")));
  } finally {
    await connection.close();
  }
});

let nats: Nats | undefined;
let host: TestHost;
let bus: { close(): Promise<void> } | undefined;
const consumed: string[] = [];

before(async () => {
  nats = await startNats();
  const jetStreamBus = createJetStreamBus({ url: nats.url, log: silentLog });
  bus = jetStreamBus;
  host = new TestHost({ parts: { bus: jetStreamBus } });
  await host.add(monitorPlugin);
  await host.add(consumerPlugin);
});
after(async () => {
  await host[Symbol.asyncDispose]();
  await bus?.close();
  await nats?.[Symbol.asyncDispose]();
});

const consumerPlugin = plugin({
  contract: contract("consumer", 1, {}),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {},
    subscriptions: [on(serviceRegistered, async (_, { name }) => void consumed.push(name))],
  }),
});

const report = {
  id: "a",
  host: "host",
  version: "0.0.0",
  services: ["gateway", "video"],
  startedAtMs: 1,
  state: "ready" as const,
  cpu: 0.1,
  memoryBytes: 1_000,
  connections: 2,
  eventLoopLagMs: 0.5,
  components: [],
  samples: [],
};
