import assert from "node:assert/strict";
import { after, before } from "node:test";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { type Nats, startNats } from "#test/servers/nats";
import { silentLog } from "../../log/port.ts";
import { busConformance } from "../conformance.ts";
import { createJetStreamBus } from "./bus.ts";
import { stream } from "./stream.ts";

let nats: Nats | undefined;
const buses: { close(): Promise<void> }[] = [];
before(async () => void (nats = await startNats()));
after(async () => {
  for (const bus of buses) await bus.close();
  await nats?.[Symbol.asyncDispose]();
});

busConformance("over JetStream", {
  processes: [["publisher"], ["left"], ["right"]],
  bus() {
    assert.ok(nats);
    const bus = createJetStreamBus({ url: nats.url, log: silentLog });
    buses.push(bus);
    return bus;
  },
  async keptByBroker() {
    const connection = await connect({ servers: nats?.url ?? "" });
    let kept = 0;
    for await (const info of (await jetstreamManager(connection)).consumers.list(stream))
      kept += info.num_pending + info.num_ack_pending;
    await connection.close();
    return kept;
  },
  broker: {
    kill: async () => nats?.kill(),
    start: async () => nats?.start(),
    wipe: async () => nats?.wipe(),
  },
});
