import assert from "node:assert/strict";
import { after, before } from "node:test";
import { fleetConformance, ofThree } from "./fleet.ts";
import { type Nats, startNats } from "../../servers/nats.ts";

let nats: Nats | undefined;
before(async () => void (nats = await startNats()));
after(() => nats?.[Symbol.asyncDispose]());

fleetConformance("three processes over JetStream", ofThree, () => {
  assert.ok(nats);
  return { KINORA_NATS_URL: nats.url };
});
