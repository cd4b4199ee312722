import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { until } from "#test/until";
import type { Fanout } from "./port.ts";

interface Processes {
  /** The port in each of two processes, or twice the same where there is one alone. */
  readonly fanouts: readonly [Fanout, Fanout];
  /** Settles when both know the subscriptions of each other. */
  readonly settled: () => Promise<void>;
}

const bytesOf = (text: string): Uint8Array => Buffer.from(text);
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** The cases that every adapter passes. */
export function fanoutConformance(name: string, open: () => Processes): void {
  describe(`the fan-out ${name}`, () => {
    it("carries bytes to every subscriber of a topic, once each, and to no other topic", async () => {
      const { fanouts, settled } = open();
      const received: string[] = [];
      for (const [place, fanout] of fanouts.entries()) {
        fanout.subscribe("room.1", (bytes) => void received.push(`${place} ${textOf(bytes)}`));
        fanout.subscribe("room.2", (bytes) => void received.push(`other ${textOf(bytes)}`));
      }
      await settled();
      for (const [place, fanout] of fanouts.entries()) fanout.publish("room.1", bytesOf(`from ${place}`));
      fanouts[0].publish("room.2", bytesOf("last"));
      await until(async () => received.filter((one) => one === "other last").length === 2);
      assert.deepEqual(received.filter((one) => !one.startsWith("other")).toSorted(), [
        "0 from 0",
        "0 from 1",
        "1 from 0",
        "1 from 1",
      ]);
    });

    it("keeps the order of one publisher, and any bytes", async () => {
      const { fanouts, settled } = open();
      const received: number[][] = [];
      fanouts[1].subscribe("order", (bytes) => void received.push([...bytes]));
      await settled();
      for (let n = 0; n < 256; n++) fanouts[0].publish("order", Uint8Array.of(n, 0, 255));
      await until(async () => received.length === 256);
      assert.deepEqual(
        received,
        Array.from({ length: 256 }, (_, n) => [n, 0, 255]),
      );
    });

    it("calls a subscriber that has ended never again, and the others still", async () => {
      const { fanouts, settled } = open();
      const received: string[] = [];
      const end = fanouts[1].subscribe("ends", () => void received.push("ended"));
      fanouts[1].subscribe("ends", () => void received.push("stays"));
      await settled();
      end();
      end();
      await settled();
      fanouts[0].publish("ends", bytesOf("x"));
      await until(async () => received.length > 0);
      assert.deepEqual(received, ["stays"]);
    });

    it("takes what nobody listens to", () => {
      const { fanouts } = open();
      assert.doesNotThrow(() => fanouts[0].publish("nobody", bytesOf("x")));
    });
  });
}
