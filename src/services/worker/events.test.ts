import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { moderation } from "#services/moderation/contract";
import { type Account, Platform } from "#test/platform/platform";
import { until } from "#test/until";
import { sql } from "kysely";
import { isAdministered } from "#kernel/service";
import { worker } from "./contract.ts";

describe("dead letters (F7)", () => {
  before(async () => {
    await platform.open();
    administered = (await platform.host.host()).contracts.filter(isAdministered).map(({ name }) => name);
  });
  beforeEach(() => platform.host.clear());
  after(() => platform[Symbol.asyncDispose]());

  it("are listed for administrators across all services, latest first, in pages", async () => {
    for (let n = 1; n <= 2; n++) for (const service of administered) await giveUp(service, n);
    await giveUp("media", 9);
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await client.deadEvents({ limit: 4, ...(cursor !== undefined && { cursor }) }, admin);
      seen.push(...page.items.map(({ service, subjectId }) => `${subjectId} ${service}`));
      if (page.next === null) break;
      cursor = page.next;
      // A dead letter that arrives between two pages is newer and moves no other.
      await giveUp("drive", 100 + seen.length);
    }
    // Those of one time by their ids, which begin with the place of their service.
    const expected = [2, 1].flatMap((n) => administered.map((service) => `${n} ${service}`).toReversed());
    assert.deepEqual(seen, ["9 media", ...expected]);
    const second = await client.deadEvents({ skip: 4, limit: 4, count: true }, admin);
    assert.equal(second.total, (await client.deadEvents({ limit: 100 }, admin)).items.length);
    assert.equal(second.items.length, 4);
  });

  it("are shown with type, subject and error, without their payload", async () => {
    await giveUp("video", 7);
    const administrator = await platform.administrator();
    const { data, text } = await platform.ask(dead, { token: administrator.token });
    assert.deepEqual(data["list"], [
      {
        id: idOf("video", 7),
        service: "video",
        type: "dead.letter.v1",
        subject_id: 7,
        tries: 12,
        error: "nobody would listen",
        died_at: "2026-11-01T00:00:07.000Z",
      },
    ]);
    assert.ok(!text.includes("whispered"));
  });

  it("are retried once by their consumer, or discarded", async () => {
    const [mira, noor] = [await platform.join(), await platform.join()];
    await platform.host.drain();
    const administrator = await platform.administrator();
    await follow(noor, mira);
    const isNotified = async () =>
      JSON.stringify((await platform.ask("/api/v1/notifications", { token: mira.token })).data).includes('"follow"');
    const [{ id, service } = { id: "", service: "user" }] = (await client.deadEvents({}, admin)).items;
    assert.deepEqual([service, await isNotified()], ["message", false]);
    const path = `${dead}/message/${id}`;
    assert.equal((await platform.ask(`${path}/retry`, { method: "POST", token: administrator.token })).status, 200);
    await until(isNotified);
    assert.deepEqual((await client.deadEvents({}, admin)).items, []);
    await giveUp("upload", 7);
    const discarded = `${dead}/upload/${idOf("upload", 7)}`;
    assert.equal((await platform.ask(discarded, { method: "DELETE", token: administrator.token })).status, 200);
    assert.deepEqual((await client.deadEvents({}, admin)).items, []);
    for (const missing of [path, discarded, `${dead}/user/7`, `${dead}/worker/${id}`, `${dead}/nosuch/${id}`])
      for (const [method, url] of [
        ["POST", `${missing}/retry`],
        ["DELETE", missing],
      ] as const) {
        const { status, body } = await platform.ask(url, { method, token: administrator.token });
        assert.deepEqual([status, body["error"]], [404, "worker.event_not_found"]);
      }
    for (const bad of [`${dead}/user/a%00b`, `${dead}/user/${"a".repeat(65)}`])
      assert.equal((await platform.ask(bad, { method: "DELETE", token: administrator.token })).status, 400, bad);
  });

  it("are in the audit trail of every service with the administrator who decided (S8.5)", async () => {
    const by = callOf(9, { role: "admin" });
    for (const service of administered) {
      await giveUp(service, 7);
      await client.discardEvent({ service, id: idOf(service, 7) }, by);
    }
    await giveUp("relation", 8);
    await client.retryEvent({ service: "relation", id: idOf("relation", 8) }, by);
    await platform.host.drain();
    const { items } = await platform.host.client(moderation).audit({ limit: 100 }, by);
    assert.deepEqual(
      items
        .map(({ act, actorId, subjectKind, subjectId, detail }) =>
          [act, actorId, subjectKind, subjectId, detail].join(" "),
        )
        .toSorted(),
      [
        ...administered.map((service) => `event.discarded 9 event 7 dead.letter.v1 ${idOf(service, 7)}`),
        `event.retried 9 event 8 dead.letter.v1 ${idOf("relation", 8)}`,
      ].toSorted(),
    );
  });

  it("are refused to anonymous callers with 401 and to users with 403", async () => {
    await giveUp("upload", 7);
    const { token } = await platform.join();
    const one = `${dead}/upload/${idOf("upload", 7)}`;
    for (const [method, url] of [
      ["GET", dead],
      ["POST", `${one}/retry`],
      ["DELETE", one],
    ] as const) {
      assert.equal((await platform.ask(url, { method })).status, 401, url);
      assert.equal((await platform.ask(url, { method, token })).status, 403, url);
    }
    assert.equal((await client.deadEvents({}, admin)).items.length, 1);
  });
});

const platform = new Platform();
/** Every service whose jobs and dead letters can be administered. */
let administered: string[] = [];
const client = platform.host.client(worker);
const admin = callOf(1, { role: "admin" });
const dead = "/api/v1/admin/events/dead";

const idOf = (service: string, n: number): string =>
  `${String(administered.indexOf(service)).padStart(8, "0")}-0000-7000-8000-${String(n).padStart(12, "0")}`;

/** A dead letter of a type that nobody consumes, from the nth second of a month. */
const giveUp = (service: string, n: number) =>
  sql`INSERT INTO dead_letters (event_id, type, source, key, payload, trace_id, attempts, last_error, died_at_ms)
      VALUES (${idOf(service, n)}, 'dead.letter.v1', 'publisher', ${n}, '"whispered"', '', 12, 'nobody would listen',
              ${Date.parse("2026-11-01T00:00:00Z") + n * 1_000})`.execute(platform.host.database(service));

/** Follows while the service that notifies cannot apply it, until that is a dead letter. */
async function follow(from: Account, to: Account): Promise<void> {
  const consumer = platform.host.database("message");
  await sql`ALTER TABLE jobs ADD CONSTRAINT refused CHECK (kind <> 'notify')`.execute(consumer);
  try {
    assert.equal(
      (await platform.ask(`/api/v1/users/${to.id}/follow`, { method: "POST", token: from.token })).status,
      200,
    );
    await until(async () => {
      // The next try is the last one, unless a try is under way that puts it off once more.
      await sql`UPDATE pending_events SET attempts = 11, due_ms = 0 WHERE attempts > 0`.execute(consumer);
      await platform.host.drain();
      const { rows } = await sql`SELECT FROM dead_letters`.execute(consumer);
      return rows.length === 1;
    });
  } finally {
    await sql`ALTER TABLE jobs DROP CONSTRAINT refused`.execute(consumer);
  }
}
