import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { type Nats, startNats } from "#test/servers/nats";
import { until } from "#test/until";
import { silentLog } from "../../log/port.ts";
import type { Sent } from "../port.ts";
import { Broker } from "./broker.ts";
import { BrokerRoute } from "./route.ts";
import { ensureStream, stream } from "./stream.ts";

/** Distinct in each test: the stream knows the ids of two minutes, deleted events included. */
let run = 0;
const event = (position: number): Sent => ({
  eventId: `event-${run}-${position}`,
  type: "video.published",
  source: "video",
  key: 1,
  payload: "{}",
  traceId: "",
  position,
});
const events = (from: number, to: number): Sent[] => Array.from({ length: to - from + 1 }, (_, at) => event(from + at));

describe("the route to JetStream", () => {
  let nats: Nats;
  let broker: Broker;
  let route: BrokerRoute;
  before(async () => void (nats = await startNats()));
  beforeEach(async () => {
    run += 1;
    broker = new Broker(nats.url, silentLog);
    route = new BrokerRoute(broker);
    const { jsm } = await broker.connection();
    await jsm.streams.purge(stream);
  });
  afterEach(() => broker.close());
  after(async () => {
    await nats[Symbol.asyncDispose]();
  });

  /** The events in the stream, in its order. */
  async function stored(): Promise<string[]> {
    const { jsm } = await broker.connection();
    const { state } = await jsm.streams.info(stream);
    const ids: string[] = [];
    for (let seq = state.last_seq - state.messages + 1; seq <= state.last_seq; seq++)
      ids.push((await jsm.streams.getMessage(stream, { seq }))?.header.get("Nats-Msg-Id") ?? "");
    return ids;
  }
  const idsOf = (sent: readonly Sent[]) => sent.map(({ eventId }) => eventId);

  async function restart({ isWiped }: { readonly isWiped: boolean }): Promise<void> {
    const { reconnects } = broker;
    await nats.kill();
    if (isWiped) await nats.wipe();
    await nats.start();
    await until(() => broker.reconnects > reconnects);
    await ensureStream((await broker.connection()).jsm);
  }

  it("resends the events that the broker lost before it sends further ones (D2, F6)", async () => {
    await route.send(events(1, 5));
    await restart({ isWiped: true });
    await assert.rejects(route.send(events(6, 6)), /wrong last sequence/);
    await assert.rejects(route.send(events(6, 6)), /lost/);
    assert.deepEqual(await stored(), []);
    assert.equal(await route.confirmedPosition("video"), "lost");
    await route.send(events(1, 6));
    assert.deepEqual(await stored(), idsOf(events(1, 6)));
  });

  it("sends unconfirmed events again after each reconnection, and the stream stores them once (D2)", async () => {
    await route.send(events(1, 5));
    await restart({ isWiped: false });
    await route.send(events(6, 6));
    assert.equal(await route.confirmedPosition("video"), "lost");
    await route.send(events(1, 7));
    assert.deepEqual(await stored(), idsOf(events(1, 7)));
  });

  it("refuses events of a process whose successor has already sent later ones", async () => {
    const successor = new BrokerRoute(broker);
    await route.send(events(1, 2));
    await successor.send(events(1, 4));
    await assert.rejects(route.send(events(5, 5)), /wrong last sequence/);
    assert.deepEqual(await stored(), idsOf(events(1, 4)));
  });
});
