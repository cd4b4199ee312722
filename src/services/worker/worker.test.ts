import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { audited } from "#kernel";
import { clockMs } from "#kernel/db/tables";
import { callOf } from "#kernel/host/testing";
import { Platform } from "#test/platform/platform";
import { moderation } from "#services/moderation/contract";
import { sql } from "kysely";
import { isAdministered } from "#kernel/service";
import { worker } from "./contract.ts";

describe("failed jobs (D4)", () => {
  before(async () => {
    await platform.open();
    administered = (await platform.host.host()).contracts.filter(isAdministered).map(({ name }) => name);
  });
  beforeEach(() => platform.host.clear());
  after(() => platform[Symbol.asyncDispose]());

  it("are listed for administrators across all services, latest first, in pages", async () => {
    for (let id = 1; id <= 3; id++) for (const service of administered) await giveUp(service, id);
    await giveUp("media", 9);
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await client.dead({ limit: 4, ...(cursor !== undefined && { cursor }) }, admin);
      seen.push(...page.items.map(({ service, id }) => `${id} ${service}`));
      if (page.next === null) break;
      cursor = page.next;
      // A job that fails between two pages is newer and moves no other.
      await giveUp("drive", 100 + seen.length);
    }
    const expected = [3, 2, 1].flatMap((id) => administered.map((service) => `${id} ${service}`));
    assert.deepEqual(seen, ["9 media", ...expected]);
    const second = await client.dead({ skip: 4, limit: 4, count: true }, admin);
    assert.equal(second.total, (await client.dead({ limit: 100 }, admin)).items.length);
    assert.equal(second.items.length, 4);
  });

  it("are shown with kind, owner and error", async () => {
    await giveUp("transcoder", 7);
    const { items } = await client.dead({}, admin);
    const [{ createdAtMs, diedAtMs, ...rest } = { createdAtMs: 0, diedAtMs: 0 }] = items;
    assert.deepEqual(rest, {
      id: 7,
      service: "transcoder",
      kind: "doomed",
      tries: 4,
      error: "it would not work",
      ownerId: 11,
    });
    assert.ok(diedAtMs >= createdAtMs);
  });

  it("are retried from the first attempt, unless another job has replaced them", async () => {
    await giveUp("media", 7);
    await client.retry({ service: "media", id: 7 }, admin);
    assert.deepEqual(await jobs("media"), [{ id: 7, state: "queued", attempt: 0, lost: 0 }]);
    await giveUp("media", 8);
    await assert.rejects(client.retry({ service: "media", id: 8 }, admin), { code: "worker.job_replaced", http: 409 });
    assert.equal((await client.dead({}, admin)).items.length, 1);
    // Nobody works it off.
    await sql`DELETE FROM jobs`.execute(platform.host.database("media"));
  });

  it("are discarded on request, and unknown ones answer 404", async () => {
    await giveUp("upload", 7);
    await client.discard({ service: "upload", id: 7 }, admin);
    assert.deepEqual((await client.dead({}, admin)).items, []);
    const missing = { code: "worker.job_not_found", http: 404 };
    for (const ask of [client.discard, client.retry]) {
      await assert.rejects(ask({ service: "upload", id: 7 }, admin), missing);
      await assert.rejects(ask({ service: "drive", id: 7 }, admin), missing);
    }
  });

  it("are in the audit trail of every service with the administrator, without refused decisions (S8.5)", async () => {
    for (const [at, service] of administered.entries()) {
      await giveUp(service, at + 1);
      await client.discard({ service, id: at + 1 }, administrator);
    }
    await giveUp("media", 50);
    await client.retry({ service: "media", id: 50 }, administrator);
    await giveUp("media", 51);
    await assert.rejects(client.retry({ service: "media", id: 51 }, administrator), { code: "worker.job_replaced" });
    await assert.rejects(client.discard({ service: "media", id: 60 }, administrator), { code: "worker.job_not_found" });
    await sql`DELETE FROM jobs`.execute(platform.host.database("media"));
    await platform.host.drain();
    const seen = await trail();
    const expected = administered.map((service, at) => `job.discarded job ${at + 1} by 9: ${service} doomed`);
    assert.deepEqual(seen.toSorted(), [...expected, "job.retried job 50 by 9: media doomed"].toSorted());
  });

  it("are retried or discarded in one transaction with the audit entry", async () => {
    await giveUp("upload", 7);
    const database = platform.host.database("upload");
    await sql`ALTER TABLE outbox ADD CONSTRAINT refused CHECK (type <> ${sql.lit(audited.name)})`.execute(database);
    try {
      for (const decide of [client.retry, client.discard])
        await assert.rejects(decide({ service: "upload", id: 7 }, administrator));
    } finally {
      await sql`ALTER TABLE outbox DROP CONSTRAINT refused`.execute(database);
    }
    assert.deepEqual([await jobs("upload"), await trail()], [[{ id: 7, state: "dead", attempt: 3, lost: 1 }], []]);
  });

  it("are refused to other users than administrators", async () => {
    await giveUp("upload", 7);
    const refused = { kind: "denied" };
    await assert.rejects(client.dead({}, callOf(11)), refused);
    await assert.rejects(client.retry({ service: "upload", id: 7 }, callOf(11)), refused);
    await assert.rejects(client.discard({ service: "upload", id: 7 }, callOf(11)), refused);
  });
});

const platform = new Platform();
/** Every service whose jobs and dead letters can be administered. */
let administered: string[] = [];
const client = platform.host.client(worker);
const admin = callOf(1, { role: "admin" });

const administrator = callOf(9, { role: "admin" });

/** The decisions in moderation's audit log. */
async function trail(): Promise<string[]> {
  const { items } = await platform.host.client(moderation).audit({ limit: 100 }, administrator);
  return items.map(
    ({ act, subjectKind, subjectId, actorId, detail }) => `${act} ${subjectKind} ${subjectId} by ${actorId}: ${detail}`,
  );
}

/** A job of a kind nobody works off, given up. */
const giveUp = (service: string, id: number) =>
  sql`INSERT INTO jobs (id, kind, unique_key, payload, state, attempt, lost, attempts_max, due_ms, trace_id, created_at_ms,
                        ended_at_ms, last_error, owner_id)
      VALUES (${id}, 'doomed', 'a key', '{}', 'dead', 3, 1, 3, ${clockMs} + 3600000, '', ${clockMs}, ${clockMs}, 'it would not work', 11)`.execute(
    platform.host.database(service),
  );

async function jobs(service: string): Promise<unknown> {
  const { rows } = await sql`SELECT id, state, attempt, lost FROM jobs`.execute(platform.host.database(service));
  return rows;
}
