import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { openDb } from "../db/pool.ts";
import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import { testDatabase } from "../host/testing.ts";
import { silentLog } from "../log/port.ts";
import { Keyring, SealedElsewhere } from "./keyring.ts";
import { isSignedWith } from "./port.ts";
import { renew, reseal, rotate } from "./rotation.ts";
import { createSealing } from "./sealing.ts";

describe("a keyring", () => {
  before(async () => {
    db = openDb(await testDatabase("keyring", []), { service: "keyring" });
  });
  beforeEach(() => sql`DELETE FROM keys`.execute(db));
  after(() => db.close());

  it("is the same in processes that start at once, and after a restart (S3.3)", async () => {
    const keyrings = await Promise.all(Array.from({ length: 8 }, () => open(["signing", "unlock"])));
    const values = new Set(keyrings.map((keyring) => keyring.key("signing").current));
    assert.equal(values.size, 1);
    const later = await open(["signing", "unlock"]);
    assert.ok(values.has(later.key("signing").current));
    assert.notEqual(later.key("unlock").current, later.key("signing").current);
    assert.ok(later.key("signing").current.length >= 43);
    assert.throws(() => later.key("other"), /declares no key other/);
  });

  it("is unreadable in the database, and refused with another cluster secret by a sentence with the remedy", async () => {
    const { current } = (await open(["signing"])).key("signing");
    const { rows } = await sql<{ sealed: string }>`SELECT sealed FROM keys`.execute(db);
    for (const { sealed } of rows)
      assert.ok(!sealed.includes(current) && !Buffer.from(sealed, "base64url").includes(current));
    await assert.rejects(open(["signing"], "another cluster secret"), (error: Error) => {
      assert.ok(error instanceof SealedElsewhere);
      assert.match(error.message, /keyring\.signing .* set KINORA_CLUSTER_SECRET .* npm run keys -- renew/);
      return true;
    });
  });

  it("accepts a rotated key everywhere before it signs, and the key before it until the next rotation", async () => {
    const [one, other] = [await open(["signing"]), await open(["signing"])];
    const [signing, reading] = [one.key("signing"), other.key("signing")];
    const first = signing.current;
    await rotate(place, "signing", 300);
    await Promise.all([one.read(), other.read()]);
    const [second = ""] = reading.valid.filter((value) => value !== first);
    assert.deepEqual([signing.current, reading.valid], [first, [first, second]]);
    assert.ok((await rotate(place, "signing", 300)) <= 300, "a rotation under way is not repeated");
    await sleep(320);
    assert.deepEqual([signing.current, reading.current], [second, second]);
    assert.ok(isSignedWith(reading, `${first}!`, (value) => `${value}!`));
    await rotate(place, "signing", 0);
    await Promise.all([one.read(), other.read()]);
    assert.ok(!isSignedWith(reading, `${first}!`, (value) => `${value}!`));
    assert.ok(isSignedWith(reading, `${second}!`, (value) => `${value}!`));
  });

  it("is sealed anew with the first secret, and stays the same, so that the secret before is not needed", async () => {
    const { current } = (await open(["signing"])).key("signing");
    await rotate(place, "signing", 60_000);
    const { valid } = (await open(["signing"])).key("signing");
    const both = createSealing(["the next secret", clusterSecret]);
    await assert.rejects(reseal({ ...place, sealing: createSealing(["the next secret"]) }, "signing"), SealedElsewhere);
    await reseal({ ...place, sealing: both }, "signing");
    const keyring = (await open(["signing"], "the next secret")).key("signing");
    assert.deepEqual([keyring.current, keyring.valid], [current, valid]);
    await assert.rejects(open(["signing"]), SealedElsewhere);
  });

  it("is void after its renewal, whatever was about to begin, and can be opened with the secret of the renewal", async () => {
    const keyring = await open(["signing"]);
    const { current } = keyring.key("signing");
    await rotate(place, "signing", 60_000);
    await renew(place, "signing");
    await keyring.read();
    const { valid } = keyring.key("signing");
    assert.equal(valid.length, 1);
    assert.notEqual(valid[0], current);
    const sealing = createSealing(["another cluster secret"]);
    await renew({ ...place, sealing }, "signing");
    assert.notEqual((await open(["signing"], "another cluster secret")).key("signing").current, valid[0]);
  });
});

describe("a sealed text", () => {
  it("is opened with each of the secrets, at its own place and unaltered", () => {
    const sealed = createSealing(["old"]).seal("text", "place");
    assert.equal(createSealing(["new", "old"]).open(sealed, "place"), "text");
    assert.equal(createSealing(["new"]).open(sealed, "place"), undefined);
    assert.equal(createSealing(["old"]).open(sealed, "elsewhere"), undefined);
    for (let at = 0; at < sealed.length; at++) {
      const altered = sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1);
      // The last character has bits that encode nothing.
      const isSame = Buffer.from(altered, "base64url").equals(Buffer.from(sealed, "base64url"));
      assert.equal(createSealing(["old"]).open(altered, "place"), isSame ? "text" : undefined);
    }
    for (const text of ["", "A", sealed.slice(0, 20)])
      assert.equal(createSealing(["old"]).open(text, "place"), undefined);
    assert.notEqual(createSealing(["old"]).seal("text", "place"), sealed);
  });
});

let db: Db<KernelTables>;
const service = "keyring";
const clusterSecret = "a cluster secret";
const place = {
  get db() {
    return db;
  },
  service,
  sealing: createSealing([clusterSecret]),
};

async function open(names: readonly string[], secret = clusterSecret): Promise<Keyring> {
  const keyring = await Keyring.open({ db, service, sealing: createSealing([secret]), log: silentLog }, names);
  keyring.stop();
  return keyring;
}
