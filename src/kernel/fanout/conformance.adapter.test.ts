import assert from "node:assert/strict";
import { after, before } from "node:test";
import { type Nats, startNats } from "#test/servers/nats";
import { silentLog } from "../log/port.ts";
import { fanoutConformance } from "./conformance.ts";
import { createNatsFanout, type NatsFanout } from "./nats.ts";

let nats: Nats | undefined;
const opened: NatsFanout[] = [];
before(async () => void (nats = await startNats()));
after(async () => {
  for (const fanout of opened) {
    await fanout.ready();
    await fanout.close();
  }
  await nats?.[Symbol.asyncDispose]();
});

fanoutConformance("over NATS", () => {
  assert.ok(nats);
  const { url } = nats;
  const make = () => createNatsFanout({ url, log: silentLog });
  const [left, right] = [make(), make()];
  opened.push(left, right);
  return {
    fanouts: [left, right],
    settled: async () => void (await Promise.all([left.ready(), right.ready()])),
  };
});
