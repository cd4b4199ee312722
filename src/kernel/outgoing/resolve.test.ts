import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { after, before, describe, it } from "node:test";
import { type Resolve, createResolver } from "./resolve.ts";

describe("a DNS lookup", () => {
  before(async () => {
    await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
    resolve = createResolver([`127.0.0.1:${server.address().port}`]);
  });
  after(() => server.close());

  it("returns all IPv4 and IPv6 addresses of a name", async () => {
    zone = { "both.test": { 1: ["5db8d822", "7f000001"], 28: ["20010db8000000000000000000000001"] } };
    assert.deepEqual(await ask("both.test"), ["93.184.216.34", "127.0.0.1", "2001:db8::1"]);
    zone = { "six.test": { 28: ["00000000000000000000ffff7f000001"] } };
    assert.deepEqual(await ask("six.test."), ["::ffff:127.0.0.1"]);
  });

  it("returns nothing for an unknown name, and fails when the server refuses to answer", async () => {
    zone = { "empty.test": {}, "broken.test": "refused" };
    assert.deepEqual([await ask("nobody.test"), await ask("empty.test"), await ask("a..b")], [[], [], []]);
    await assert.rejects(ask("broken.test"));
  });

  it("is cancelled when its caller leaves", async () => {
    zone = { "silent.test": "silent" };
    const caller = new AbortController();
    const lookup = resolve("silent.test", caller.signal);
    caller.abort();
    // Otherwise it would be said that the server said nothing.
    await assert.rejects(lookup, { code: "ECANCELLED" });
  });
});

type Kind = 1 | 28;
/** Addresses in hexadecimal by record type (A, AAAA), or what the server does instead. */
let zone: Record<string, Partial<Record<Kind, string[]>> | "refused" | "silent"> = {};
let resolve: Resolve;
const ask = (name: string) => resolve(name, AbortSignal.timeout(20_000));

/** A name server that knows addresses and nothing else (RFC 1035 §4.1). */
const server = createSocket("udp4", (query, { port, address }) => {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const zoneRecords = zone[labels.join(".").toLowerCase()];
  if (zoneRecords === "silent") return;
  const kind = query.readUInt16BE(at + 1);
  const records = typeof zoneRecords === "object" && (kind === 1 || kind === 28) ? (zoneRecords[kind] ?? []) : [];
  const head = Buffer.from(query.subarray(0, 12));
  // An answer, recursion available; 3 is a name nobody has, 5 a refusal.
  head.writeUInt16BE(0x8180 | (zoneRecords === undefined ? 3 : zoneRecords === "refused" ? 5 : 0), 2);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt32BE(0, 8);
  const answers = records.map((hex) => {
    const data = Buffer.from(hex, "hex");
    const record = Buffer.from("c00c00000001000000000000", "hex");
    record.writeUInt16BE(kind, 2);
    record.writeUInt16BE(data.length, 10);
    return Buffer.concat([record, data]);
  });
  server.send(Buffer.concat([head, query.subarray(12, at + 5), ...answers]), port, address);
});
