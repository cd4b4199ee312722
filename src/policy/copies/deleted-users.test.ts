import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Tx } from "#kernel/db/transaction";
import { testDatabase } from "#kernel/host/testing";
import { sql } from "kysely";
import { openDb } from "#kernel/db/pool";
import type { Db } from "#kernel/db/port";
import { deletedAmong, deletedUsers, isDeletedUser, markDeletedUser } from "./deleted-users.ts";

describe("deleted accounts", () => {
  before(async () => {
    db = openDb<Tables>(
      await testDatabase("deleted", [
        ...deletedUsers.migrations("deleted"),
        "CREATE TABLE notes (user_id BIGINT NOT NULL)",
      ]),
      { service: "deleted" },
    );
  });
  beforeEach(() => sql`TRUNCATE notes, deleted_users`.execute(db));
  after(() => db.close());

  it("are marked from the commit on, and no other account is", async () => {
    await db.tx((tx) => markDeletedUser(tx, 1, 5));
    await db.tx((tx) => markDeletedUser(tx, 1, 6));
    assert.deepEqual(await db.tx(async (tx) => [await isDeletedUser(tx, 1), await isDeletedUser(tx, 2)]), [
      true,
      false,
    ]);
  });

  it("are found among many", async () => {
    await db.tx((tx) => markDeletedUser(tx, 2, 0));
    await db.tx((tx) => markDeletedUser(tx, 3, 0));
    assert.deepEqual(await db.tx((tx) => deletedAmong(tx, [3, 1, 3, 2])), new Set([2, 3]));
    assert.deepEqual(await db.tx((tx) => deletedAmong(tx, [])), new Set());
  });

  for (const [how, isDeleted] of [
    ["alone", isDeletedUser],
    ["among others", async (tx: Tx<Tables>, id: number) => (await deletedAmong(tx, [5, id, 6])).has(id)],
  ] as const) {
    it(`wait for a concurrent write of their data that asked ${how}, which is deleted as well`, async () => {
      const writing = Promise.withResolvers<void>();
      const wrote = db.tx(async (tx) => {
        assert.equal(await isDeleted(tx, 1), false);
        writing.resolve();
        await sleep(waitMs);
        await tx.insertInto("notes").values({ user_id: 1 }).execute();
      });
      await writing.promise;
      await forget(1);
      await wrote;
      assert.deepEqual(await notes(), []);
    });

    it(`are seen by a transaction that waited for their deletion, asked ${how}`, async () => {
      const going = Promise.withResolvers<void>();
      const went = db.tx(async (tx) => {
        await markDeletedUser(tx, 1, 0);
        going.resolve();
        await sleep(waitMs);
      });
      await going.promise;
      assert.equal(await db.tx((tx) => isDeleted(tx, 1)), true);
      await went;
    });
  }

  it("leave no data behind under concurrent writes and deletions", async () => {
    const people = Array.from({ length: 20 }, (_, place) => place + 1);
    const write = (id: number) =>
      db.tx(async (tx) => {
        if (!(await isDeletedUser(tx, id))) await tx.insertInto("notes").values({ user_id: id }).execute();
      });
    await Promise.all(people.flatMap((id) => [write(id), write(id), forget(id), write(id), write(id)]));
    assert.deepEqual(await notes(), []);
  });
});

interface Tables {
  deleted_users: { user_id: number; deleted_at_ms: number };
  notes: { user_id: number };
}
/** Long enough for a transaction that does not wait to finish. */
const waitMs = 100;
let db: Db<Tables>;

const notes = () => db.selectFrom("notes").select("user_id").execute();
const forget = (userId: number) =>
  db.tx(async (tx) => {
    await markDeletedUser(tx, userId, 0);
    await tx.deleteFrom("notes").where("user_id", "=", userId).execute();
  });
