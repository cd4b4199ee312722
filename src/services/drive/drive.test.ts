import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { userDeleted, userErased } from "#events/auth";
import { fileReleased } from "#events/drive";
import { contract, type Id, on, plugin } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { until } from "#test/until";
import { sql } from "kysely";
import { depthMax, drive, type Entry, type Outcome } from "./contract.ts";
import { drivePlugin } from "./plugin.ts";
import { insert, type Tables } from "./store.ts";
import { fakeMedia, FakeUpload } from "./testing.ts";
import { nameColumns } from "./tree/names.ts";

describe("a drive tree", () => {
  before(begin);
  beforeEach(clear);
  after(end);

  it("compares names of a folder without regard to case", async () => {
    const folder = await make("Pictures");
    await assert.rejects(make("pictures"), { code: "drive.name_taken", http: 409 });
    assert.equal((await make("PICTURES", undefined, "rename")).name, "PICTURES (2)");
    const file = await put({ name: "Sea.JPG", folderId: folder.id });
    assert.deepEqual([file.folderId, file.name, file.kind], [folder.id, "Sea.JPG", "other"]);
    assert.equal((await put({ name: "sea.jpg", folderId: folder.id })).name, "sea (2).jpg");
    assert.deepEqual(await names(folder.id), ["sea (2).jpg", "Sea.JPG"]);
    assert.deepEqual(await names(), ["Pictures", "PICTURES (2)"]);
  });

  it("refuses names that could be paths, and removes invisible characters", async () => {
    for (const name of [".", "..", "a/b", "a\\b", "\u0007", " ", "x".repeat(256)])
      await assert.rejects(make(name), { code: "drive.bad_name" }, JSON.stringify(name));
    assert.equal((await make("a\u202eb")).name, "ab");
    assert.equal((await put({ name: "../../etc/passwd" })).name, "passwd");
  });

  it("gives 50 files of one name that arrive concurrently 50 names", async () => {
    const ids = Array.from({ length: 50 }, () => uploads.put(mira, { name: "a.txt" }));
    await Promise.all(
      ids.flatMap((fileId) => [
        client.place({ fileId }, own()),
        uploads.publishUploaded(fileId),
        client.place({ fileId }, own()),
      ]),
    );
    await host.drain();
    const { items } = await client.list({ limit: 100 }, own());
    assert.equal(items.length, 50);
    assert.deepEqual(
      new Set(items.map(({ name }) => name)),
      new Set(["a.txt", ...Array.from({ length: 49 }, (_, i) => `a (${i + 2}).txt`)]),
    );
  });

  it("creates a folder once for concurrent calls, and answers all that name its path", async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => make("a")));
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
    const paths = await Promise.all(
      Array.from({ length: 20 }, (_, i) => client.makePath({ path: `A/b/c${i % 2}` }, own())),
    );
    assert.equal(new Set(paths.map(({ id }) => id)).size, 2);
    assert.deepEqual(await names(), ["a"]);
    const { items } = await client.path({ id: paths[1]?.id ?? 0 }, own());
    assert.deepEqual(
      items.map(({ name }) => name),
      ["a", "b", "c1"],
    );
  });

  it("stays without cycles when two concurrent moves would close one", async () => {
    for (let round = 0; round < 10; round++) {
      const [a, b] = [await make(`a${round}`), await make(`b${round}`)];
      const inside = await make("inside", b.id);
      const moved = await Promise.all([move([a.id], inside.id), move([b.id], a.id)]);
      const outcomes = moved.flat().map(({ ok, error }) => (ok ? "ok" : error?.code));
      assert.deepEqual(new Set(outcomes), new Set(["drive.into_itself", "ok"]));
    }
    const a = await make("a");
    assert.equal((await move([a.id], a.id))[0]?.error?.code, "drive.into_itself");
    assert.deepEqual(await findings(), []);
  });

  it("enforces the maximum folder depth for creation and moves", async () => {
    const deepest = await client.makePath(
      { path: Array.from({ length: depthMax }, (_, i) => `d${i}`).join("/") },
      own(),
    );
    await assert.rejects(make("x", deepest.id), { code: "drive.too_deep" });
    await assert.rejects(client.makePath({ path: "x/y", folderId: deepest.id }, own()), { code: "drive.too_deep" });
    const two = await client.makePath({ path: "x/y" }, own());
    const { items: above } = await client.path({ id: deepest.id }, own());
    const outcome = (folderId: Id) => move([two.folderId ?? 0], folderId);
    assert.equal((await outcome(above.at(-2)?.id ?? 0))[0]?.error?.code, "drive.too_deep");
    assert.equal((await outcome(above.at(-3)?.id ?? 0))[0]?.ok, true);
    // A file is no folder: it may lie in the deepest one.
    assert.equal((await put({ folderId: deepest.id })).folderId, deepest.id);
  });

  it("applies the conflict rule of a move where the name is taken", async () => {
    const to = await make("to");
    const there = await put({ name: "a.txt", folderId: to.id });
    const by = async (conflict: "rename" | "replace" | "skip" | "fail") => {
      const { id } = await put({ name: "a.txt" });
      const { items } = await client.move({ ids: [id], folderId: to.id, conflict }, own());
      const now = await client.get({ id }, own());
      if (now.folderId === null) await client.trash({ ids: [id] }, own());
      return [items[0]?.ok, items[0]?.error?.code, now.folderId, now.name];
    };
    assert.deepEqual(await by("rename"), [true, undefined, to.id, "a (2).txt"]);
    assert.deepEqual(await by("skip"), [true, undefined, null, "a.txt"]);
    assert.deepEqual(await by("fail"), [false, "drive.name_taken", null, "a.txt"]);
    assert.deepEqual(await by("replace"), [true, undefined, to.id, "a.txt"]);
    assert.notEqual((await client.get({ id: there.id }, own())).trashedAtMs, null);
  });

  it("does not trash the folder that an entry is moved out of", async () => {
    const outer = await make("x");
    const inner = await make("x", outer.id);
    const { items } = await client.move({ ids: [inner.id], conflict: "replace" }, own());
    assert.deepEqual([items[0]?.ok, items[0]?.entry?.name], [true, "x (2)"]);
    assert.equal((await client.get({ id: outer.id }, own())).trashedAtMs, null);
  });

  it("is invisible to other users", async () => {
    const folder = await make("a");
    const file = await put({ folderId: folder.id });
    const other = callOf(noor);
    for (const id of [folder.id, file.id]) {
      await assert.rejects(client.get({ id }, other), { code: "drive.not_found" });
      await assert.rejects(client.path({ id }, other), { code: "drive.not_found" });
      await assert.rejects(client.rename({ id, name: "x" }, other), { code: "drive.not_found" });
      await assert.rejects(client.share({ id }, other), { code: "drive.not_found" });
      await assert.rejects(client.link({ id }, other), { code: "drive.not_found" });
      await assert.rejects(client.content({ id, isDownload: true }, other), { code: "drive.not_found" });
      await assert.rejects(client.content({ id, isDownload: true }, callOf()), { code: "drive.not_found" });
      for (const { ok, error } of (await client.trash({ ids: [id] }, other)).items)
        assert.deepEqual([ok, error?.code], [false, "drive.not_found"]);
    }
    await assert.rejects(client.list({ folderId: folder.id }, other), { code: "drive.folder_not_found" });
    await assert.rejects(make("x", folder.id, "fail", other), { code: "drive.folder_not_found" });
    await assert.rejects(client.place({ fileId: uploads.put(mira) }, other), { code: "drive.not_found" });
    // Another user's folder is not a destination.
    const theirs = uploads.put(noor, { folderId: folder.id });
    assert.equal((await client.place({ fileId: theirs }, other)).folderId, null);
    assert.deepEqual((await client.list({}, other)).items.length, 1);
  });

  it("pages in both orders of each sort, folders first, while entries are inserted and deleted", async () => {
    const folder = await make("all");
    for (let i = 0; i < 30; i++) await make(`folder ${i}`, folder.id);
    for (let i = 0; i < 45; i++)
      await put({ name: `file ${i}.txt`, folderId: folder.id, bytes: "x".repeat(i % 7) + i });
    for (const sort of ["name", "date", "size"] as const)
      for (const order of ["asc", "desc"] as const) {
        const whole = (await client.list({ folderId: folder.id, sort, order, limit: 100 }, own())).items;
        const seen: Entry[] = [];
        for (let cursor: string | undefined | null; cursor !== null; ) {
          const page = await client.list(
            { folderId: folder.id, sort, order, limit: 7, ...(cursor !== undefined && { cursor }) },
            own(),
          );
          seen.push(...page.items);
          cursor = page.next;
          if (seen.length === 14) await client.remove({ ids: [seen[0]?.id ?? 0] }, own());
        }
        assert.deepEqual(
          seen.map(({ id }) => id),
          whole.map(({ id }) => id),
          `${sort} ${order}`,
        );
        const kinds = seen.map(({ kind }) => kind === "folder");
        assert.deepEqual(
          kinds,
          kinds.toSorted((a, b) => Number(b) - Number(a)),
        );
        const [files, sign] = [seen.filter(({ kind }) => kind !== "folder"), order === "asc" ? 1 : -1];
        for (const [i, one] of files.slice(1).entries()) {
          const before = files[i];
          assert.ok(before);
          const by = {
            name: one.name > before.name,
            date: one.changedAtMs >= before.changedAtMs,
            size: one.sizeBytes >= before.sizeBytes,
          };
          const back = {
            name: one.name < before.name,
            date: one.changedAtMs <= before.changedAtMs,
            size: one.sizeBytes <= before.sizeBytes,
          };
          assert.ok(sign === 1 ? by[sort] : back[sort], `${sort} ${order}: ${before.name} ${one.name}`);
        }
        const { items, total } = await client.list(
          { folderId: folder.id, sort, order, skip: 20, limit: 20, count: true },
          own(),
        );
        const left = (await client.list({ folderId: folder.id, sort, order, limit: 100 }, own())).items;
        assert.deepEqual([items.map(({ id }) => id), total], [left.slice(20, 40).map(({ id }) => id), left.length]);
        const last = await client.list({ folderId: folder.id, sort, order, skip: 60, limit: 100 }, own());
        assert.deepEqual(
          last.items.map(({ id }) => id),
          left.slice(60).map(({ id }) => id),
        );
      }
  });

  it("searches the caller's names by any part, in any script and case", async () => {
    for (const name of ["Sunset at sea.jpg", "日落海边.mp4", "100%_done.txt", "Straße.pdf", "a.b"]) await put({ name });
    await put({ name: "sunset.jpg" }, noor);
    const find = async (q: string) => (await client.search({ q }, own())).items.map(({ name }) => name);
    assert.deepEqual(await find("SUNSET"), ["Sunset at sea.jpg"]);
    assert.deepEqual(await find("落海"), ["日落海边.mp4"]);
    assert.deepEqual(await find("海"), ["日落海边.mp4"]);
    assert.deepEqual(await find("%_"), ["100%_done.txt"]);
    assert.deepEqual(await find("STRASSE"), ["Straße.pdf"]);
    assert.deepEqual(await find("a.b"), ["a.b"]);
    assert.deepEqual(await find("nowhere"), []);
  });

  it("copies files and folders without their bytes, once however often the job is resumed", async () => {
    const source = await client.makePath({ path: "source/sub" }, own());
    await put({ name: "a.txt", folderId: source.folderId ?? 0, bytes: "one" });
    await put({ name: "b.txt", folderId: source.id, bytes: "two" });
    const target = await make("target");
    const { items } = await client.copy({ ids: [source.folderId ?? 0], folderId: target.id }, own());
    const [{ entry, taskId } = {}] = items;
    await host.drain();
    const { status, progress } = await client.task({ id: taskId ?? 0 }, own());
    assert.deepEqual([status, progress], ["done", 100]);
    assert.deepEqual(await names(entry?.id), ["sub", "a.txt"]);
    const sub = (await client.list({ folderId: entry?.id ?? 0 }, own())).items[0];
    assert.deepEqual(await names(sub?.id), ["b.txt"]);
    // Resumed much later, when the idempotency key has expired.
    await sql`DELETE FROM idempotency`.execute(host.database("upload"));
    await sql`UPDATE jobs SET state = 'queued', attempt = 0, ended_at_ms = NULL WHERE kind = 'copy'`.execute(
      host.database("drive"),
    );
    const { id } = await make("wake");
    await host.drain();
    assert.deepEqual(await names(sub?.id), ["b.txt"]);
    const inside = await client.copy({ ids: [source.folderId ?? 0], folderId: source.id }, own());
    assert.equal(inside.items[0]?.error?.code, "drive.into_itself");
    const file = await put({ name: "c.txt" });
    const copied = (await client.copy({ ids: [file.id] }, own())).items[0]?.entry;
    assert.equal(copied?.name, "c (2).txt");
    await client.remove({ ids: [file.id, id] }, own());
    await host.drain();
    assert.equal((await client.get({ id: copied?.id ?? 0 }, own())).name, "c (2).txt");
    await assert.rejects(client.task({ id: taskId ?? 0 }, callOf(noor)), { code: "drive.not_found" });
  });

  it("reports a copy as failed when the quota is used up, and keeps the entries already copied", async () => {
    const source = await make("source");
    await put({ name: "a.txt", folderId: source.id, bytes: "small" });
    await put({ name: "b.txt", folderId: source.id, bytes: "x".repeat(100) });
    uploads.bytesLeft = 50;
    const { items } = await client.copy({ ids: [source.id] }, own());
    await host.drain();
    const { status, error } = await client.task({ id: items[0]?.taskId ?? 0 }, own());
    assert.deepEqual([status, error?.code], ["failed", "upload.quota_exceeded"]);
    assert.deepEqual(await names(items[0]?.entry?.id), ["a.txt"]);
  });

  it("emits user.erased only when all data of the account is deleted", async () => {
    const { id } = await put({ bytes: "1", name: "a" });
    const { url } = await client.zip({ ids: [id] }, own());
    const db = host.database<Tables>("drive");
    const [held, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = db.tx(async (tx) => {
      await tx.selectFrom("drive.user_files").select("id").where("id", "=", id).forUpdate().execute();
      held.resolve();
      await free.promise;
    });
    await held.promise;
    await publishUserDeleted(mira);
    const isAtWork = async () => {
      const { rows } = await sql<{ is: boolean }>`
        SELECT EXISTS (SELECT FROM jobs WHERE kind = 'purge' AND state = 'running')
           AND NOT EXISTS (SELECT FROM outbox) AS is`.execute(db);
      return rows[0]?.is === true;
    };
    const waiters = async () => {
      const { rows } = await sql<{ count: number }>`
        SELECT count(DISTINCT pid)::integer AS count FROM pg_locks
        WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())`.execute(db);
      return rows[0]?.count;
    };
    const early = await until(isAtWork, { said: () => "nobody purges" }).then(
      () => [...erased],
      (error: unknown) => error,
    );
    // Read while it is still there, and recorded when it no longer is.
    const late = assert.rejects(client.zip({ ids: [id] }, own()), { code: "drive.not_found" });
    await until(async () => (await waiters()) === 2, { said: () => "nobody waits" }).finally(free.resolve);
    await Promise.all([holding, late]);
    await host.drain();
    assert.deepEqual([early, erased], [[], [mira]]);
    for (const table of ["drive.user_files", "drive.shares", "drive.zips", "drive.copies"] as const)
      assert.deepEqual(await db.selectFrom(table).select("id").execute(), [], table);
    await assert.rejects(zipped(url.split("ticket=")[1] ?? ""), { code: "drive.not_found" });
  });

  it("is deleted with its owner's account, and accepts no entry afterwards", async () => {
    const folder = await make("a");
    const file = await put({ folderId: folder.id });
    const { token } = await client.share({ id: file.id }, own());
    await publishUserDeleted(mira);
    await host.drain();
    assert.equal(released.length, 1);
    assert.deepEqual((await client.list({}, own())).items, []);
    await assert.rejects(client.openShare({ token }, callOf()), { code: "drive.share_not_found" });
    await uploads.publishUploaded(uploads.put(mira));
    await host.drain();
    assert.deepEqual((await client.list({}, own())).items, []);
    assert.equal(released.length, 2);
  });
});

describe("the trash", () => {
  before(begin);
  beforeEach(clear);
  after(end);

  it("keeps a folder with its entries, and restores it to its place", async () => {
    const outer = await make("outer");
    const folder = await make("folder", outer.id);
    const early = await put({ name: "early.txt", folderId: folder.id });
    const file = await put({ name: "a.txt", folderId: folder.id });
    await client.trash({ ids: [early.id] }, own());
    await client.trash({ ids: [folder.id] }, own());
    assert.deepEqual(await names(outer.id), []);
    await assert.rejects(client.get({ id: file.id }, own()), { code: "drive.not_found" });
    await assert.rejects(
      put({ folderId: folder.id }).then((entry) => client.list({ folderId: entry.folderId ?? folder.id }, own())),
      {
        code: "drive.folder_not_found",
      },
    );
    assert.deepEqual(
      (await client.trashed({}, own())).items.map(({ name }) => name),
      ["folder", "early.txt"],
    );
    await client.restore({ ids: [folder.id] }, own());
    assert.deepEqual(await names(folder.id), ["a.txt"]);
    await client.restore({ ids: [early.id] }, own());
    assert.deepEqual(await names(folder.id), ["a.txt", "early.txt"]);
    assert.deepEqual(await findings(), []);
  });

  it("restores entries of deleted folders to the root, and renames them when the name is taken", async () => {
    const folder = await make("folder");
    const file = await put({ name: "a.txt", folderId: folder.id });
    await put({ name: "a.txt" });
    await client.trash({ ids: [file.id] }, own());
    await client.remove({ ids: [folder.id] }, own());
    await host.drain();
    const [outcome] = (await client.restore({ ids: [file.id] }, own())).items;
    assert.deepEqual(
      [outcome?.entry?.folderId, outcome?.entry?.name, outcome?.entry?.trashedAtMs],
      [null, "a (2).txt", null],
    );
    const again = await client.restore({ ids: [file.id] }, own());
    assert.equal(again.items[0]?.error?.code, "drive.not_trashed");
  });

  it("deletes entries permanently on request or after the retention time, and releases each file once", async () => {
    const folder = await make("folder");
    const ids = await Promise.all(Array.from({ length: 5 }, () => put({ folderId: folder.id })));
    await client.trash({ ids: [folder.id] }, own());
    await client.emptyTrash({}, own());
    assert.deepEqual((await client.trashed({}, own())).items, []);
    await assert.rejects(client.get({ id: folder.id }, own()), { code: "drive.not_found" });
    assert.equal((await client.restore({ ids: [folder.id] }, own())).items[0]?.error?.code, "drive.not_found");
    await host.drain();
    assert.equal(released.length, ids.length);
    assert.equal(await rowCount(), 0);
    const old = await put({});
    await client.trash({ ids: [old.id] }, own());
    const days = (n: number) =>
      sql`UPDATE drive.user_files SET trashed_at_ms = trashed_at_ms - ${n * 86_400_000}::bigint WHERE trash_id IS NOT NULL`.execute(
        host.database("drive"),
      );
    await days(29);
    await host.tick("drive.trash");
    assert.equal((await client.trashed({}, own())).items.length, 1);
    await days(2);
    await host.tick("drive.trash");
    await host.drain();
    assert.deepEqual([released.length, await rowCount()], [6, 0]);
  });

  it("deletes a large tree in batches, and nothing outside it", async () => {
    const folder = await make("folder");
    const { folderId } = await put({ name: "stays.txt" });
    await many(folder.id, 1_300);
    await client.remove({ ids: [folder.id] }, own());
    await host.drain();
    assert.deepEqual([released.length, new Set(released).size, await rowCount(), folderId], [1300, 1300, 1, null]);
    assert.deepEqual(
      (await findings()).filter((text) => !text.includes("nobody has")),
      [],
    );
  });

  it("trashes and restores the top of a large tree immediately, its descendants in a job", async () => {
    const folder = await make("folder");
    const inside = await make("inside", folder.id);
    const file = await put({ name: "a.txt", folderId: inside.id });
    await many(inside.id, 2_500);
    await client.trash({ ids: [folder.id] }, own());
    // Immediately, however far the job is with the rest.
    for (const id of [folder.id, inside.id])
      await assert.rejects(client.list({ folderId: id }, own()), { code: "drive.folder_not_found" });
    await assert.rejects(client.content({ id: file.id, isDownload: true }, own()), { code: "drive.not_found" });
    await host.drain();
    assert.deepEqual((await client.search({ q: "a.txt" }, own())).items, []);
    assert.deepEqual(await findings(), await unstored());
    const [outcome] = (await client.restore({ ids: [folder.id] }, own())).items;
    assert.equal(outcome?.ok, true);
    await host.drain();
    assert.deepEqual(await findings(), await unstored());
    assert.equal(await liveCount(), 2_503);
    await client.trash({ ids: [folder.id] }, own());
    await client.emptyTrash({}, own());
    await host.drain();
    assert.deepEqual([released.length, await rowCount()], [2_501, 0]);
  });

  it("renames a descendant whose name was taken before the job restored it", async () => {
    const folder = await make("folder");
    await many(folder.id, 2_500);
    await client.trash({ ids: [folder.id] }, own());
    await host.drain();
    const db = host.database<Tables>("drive");
    // As if it had been inserted between the restore of the folder and that of its descendants.
    const early = { ...nameColumns(mira, "f102500"), created_at_ms: 1, changed_at_ms: 1, uploaded_at_ms: 1 };
    const id = 200_000;
    await db.tx((tx) => insert(tx, { ...early, id, user_id: mira, parent_id: folder.id, rank: 0, kind: "folder" }));
    await client.restore({ ids: [folder.id] }, own());
    await host.drain();
    assert.deepEqual(await findings(), await unstored());
    const both = await sql<{ name: string }>`
      SELECT name FROM drive.user_files WHERE id IN (102500, ${id}) AND trash_id IS NULL ORDER BY id`.execute(db);
    assert.deepEqual(both.rows, [{ name: "f102500 (2)" }, { name: "f102500" }]);
  });

  it("is checked for contradictions", async () => {
    const [a, b] = [await make("a"), await make("b")];
    const file = await put({ folderId: a.id });
    assert.deepEqual(await findings(), []);
    const db = host.database<Tables>("drive");
    const broken: [string, readonly string[], RegExp][] = [
      [
        "a circle",
        [
          `UPDATE drive.user_files SET parent_id = ${b.id} WHERE id = ${a.id}`,
          `UPDATE drive.user_files SET parent_id = ${a.id} WHERE id = ${b.id}`,
        ],
        /cannot be reached/,
      ],
      [
        "no folder",
        [`UPDATE drive.user_files SET parent_id = 5 WHERE id = ${file.id}`],
        /lies in 5, which is no folder/,
      ],
      [
        "half in the trash",
        [`UPDATE drive.user_files SET trash_id = ${a.id}, trashed_at_ms = 1 WHERE id = ${file.id}`],
        /which is not there/,
      ],
      ["a wrong count", ["UPDATE drives SET entry_count = 9"], /entries of user \d+ are counted as 9 and there are 3/],
      [
        "a file let go of",
        ["INSERT INTO released_files SELECT file_id, 1 FROM user_files WHERE rank = 1"],
        /was let go of/,
      ],
    ];
    for (const [what, statements, expected] of broken) {
      const whole = await sql<Broken>`SELECT id, parent_id, trash_id, trashed_at_ms FROM drive.user_files`.execute(db);
      for (const one of statements) await sql.raw(one).execute(db);
      assert.ok(
        (await findings()).some((text) => expected.test(text)),
        what,
      );
      for (const { id, ...row } of whole.rows)
        await db.updateTable("drive.user_files").set(row).where("id", "=", id).execute();
    }
    uploads.files.clear();
    assert.ok((await findings()).some((text) => text.includes("which the upload service does not know")));
  });

  it("does not bring back a permanently deleted file when its arrival event is late", async () => {
    const fileId = uploads.put(mira);
    const { id } = await client.place({ fileId }, own());
    await client.remove({ ids: [id] }, own());
    await host.drain();
    await uploads.publishUploaded(fileId);
    await host.drain();
    await assert.rejects(client.place({ fileId }, own()), { code: "drive.not_found" });
    assert.equal(await rowCount(), 0);
  });

  it("receives entries that an upload replaces, and uploads that are to be skipped", async () => {
    const first = await put({ name: "a.txt" });
    const second = await put({ name: "A.txt", conflict: "replace" });
    assert.deepEqual([second.name, (await client.get({ id: first.id }, own())).trashedAtMs !== null], ["A.txt", true]);
    const third = await put({ name: "a.txt", conflict: "skip" });
    assert.notEqual(third.trashedAtMs, null);
    const folder = await make("f");
    // A file does not replace a folder.
    assert.equal((await put({ name: "f", conflict: "replace" })).name, "f (2)");
    assert.equal((await client.get({ id: folder.id }, own())).trashedAtMs, null);
  });
});

describe("the library keyed by content", () => {
  before(begin);
  beforeEach(clear);
  after(end);

  it("keeps one entry for one content under its latest name when many arrive concurrently", async () => {
    const ids = Array.from({ length: 20 }, () => uploads.put(mira, { bytes: "same" }));
    await Promise.all(
      ids.flatMap((fileId, i) => [client.keep({ fileId, name: `n${i}.txt` }, own()), uploads.publishUploaded(fileId)]),
    );
    await host.drain();
    const { items } = await client.library({ limit: 100, offset: 0 }, own());
    assert.equal(items.length, 1);
    assert.equal(new Set(released).size, released.length);
    const { fileId, sha1, md5 } = items[0] ?? { fileId: 0 };
    assert.deepEqual([sha1?.length, md5?.length, released.includes(fileId)], [40, 32, false]);
    const live = (await client.list({ limit: 100 }, own())).items;
    // An event that came before the file was kept has placed it as a file of its own; nothing is lost.
    assert.equal(live.length + released.length, 20);
    const again = await client.keep({ fileId: uploads.put(mira, { bytes: "same" }), name: "last.txt" }, own());
    assert.equal(again.name, "last.txt");
    assert.equal((await client.library({ limit: 100, offset: 0 }, own())).items.length, 1);
  });

  it("removes nothing when a request is repeated after the same content came by another entry point", async () => {
    const first = uploads.put(mira, { bytes: "same" });
    const kept = await client.keep({ fileId: first, name: "kept.txt" }, own());
    const copy = await client.place({ fileId: uploads.put(mira, { bytes: "same", name: "copy.txt" }) }, own());
    assert.equal((await client.keep({ fileId: first, name: "kept.txt" }, own())).id, kept.id);
    const { items } = await client.list({ limit: 100 }, own());
    assert.deepEqual(new Set(items.map(({ id }) => id)), new Set([kept.id, copy.id]));
    assert.deepEqual(released, []);
  });

  it("finds and renames files by each hash as soon as it is known", async () => {
    const fileId = uploads.put(mira, { name: "a.txt", bytes: "one" });
    const file = uploads.files.get(fileId);
    assert.ok(file);
    const [md5, sha1] = [file.md5 ?? "", file.sha1 ?? ""];
    file.md5 = file.sha1 = null;
    await client.place({ fileId }, own());
    const by = (kind: "sha1" | "md5" | "sha256", hex: string) => client.byHash({ hash: { kind, hex } }, own());
    await assert.rejects(by("sha1", sha1), { code: "drive.not_found" });
    assert.equal((await by("sha256", file.file.sha256)).name, "a.txt");
    file.md5 = md5;
    file.sha1 = sha1;
    assert.equal((await by("sha1", sha1)).sha1, sha1);
    assert.equal((await by("md5", md5.toUpperCase())).name, "a.txt");
    assert.equal(
      (await client.renameByHash({ hash: { kind: "sha1", hex: sha1 }, name: "b.txt" }, own())).name,
      "b.txt",
    );
    await assert.rejects(client.byHash({ hash: { kind: "sha1", hex: sha1 } }, callOf(noor)), {
      code: "drive.not_found",
    });
    await client.trash({ ids: [(await by("sha1", sha1)).id] }, own());
    await assert.rejects(by("sha1", sha1), { code: "drive.not_found" });
  });

  it("lists the latest upload first, repeated uploads included", async () => {
    const keep = (name: string) => client.keep({ fileId: uploads.put(mira, { bytes: name }), name }, own());
    for (const name of ["a", "b", "c"]) await keep(name);
    await keep("a");
    const page = async (limit: number, offset: number) =>
      (await client.library({ limit, offset }, own())).items.map(({ name }) => name);
    assert.deepEqual([await page(2, 0), await page(2, 2), await page(0, 0)], [["a", "c"], ["b"], []]);
  });
});

describe("publishing", () => {
  before(begin);
  beforeEach(clear);
  after(end);

  it("creates a media object of a file and a file of a media object", async () => {
    const film = await put({ name: "Sea.side.mp4", kind: "video" });
    const { mediaId, title } = await client.publish({ id: film.id }, own());
    assert.equal(title, "Sea.side");
    assert.equal(uploads.files.get(mediaId)?.file.purpose, "media");
    assert.equal((await client.publish({ id: film.id, title: "Other" }, own())).title, "Other");
    const folder = await make("back");
    const back = await client.fromMedia({ mediaId, folderId: folder.id }, own());
    assert.deepEqual([back.folderId, back.name, back.kind], [folder.id, "Sea.side.mp4", "video"]);
    await client.remove({ ids: [film.id] }, own());
    await host.drain();
    assert.equal(released.length, 1);
    assert.equal((await client.get({ id: back.id }, own())).name, "Sea.side.mp4");
    assert.ok(uploads.files.has(mediaId) && !released.includes(mediaId));
    await assert.rejects(client.publish({ id: (await put({})).id }, own()), { code: "media.unsupported" });
    await assert.rejects(client.publish({ id: folder.id }, own()), { code: "drive.not_a_file" });
    await assert.rejects(client.publish({ id: back.id }, callOf(noor)), { code: "drive.not_found" });
    await assert.rejects(client.fromMedia({ mediaId }, callOf(noor)), { code: "media.not_found" });
  });

  it("counts files and bytes by kind", async () => {
    const folder = await make("f");
    await put({ bytes: "12345", folderId: folder.id });
    await put({ bytes: "123", kind: "video", name: "a.mp4" });
    const deleted = await put({ bytes: "1", name: "b" });
    await client.trash({ ids: [deleted.id] }, own());
    const { folders, kinds, trash, usedBytes } = await client.usage({}, own());
    assert.deepEqual([folders, trash, usedBytes], [1, { files: 1, sizeBytes: 1 }, 9]);
    assert.deepEqual(kinds, [
      { kind: "other", files: 1, sizeBytes: 5 },
      { kind: "video", files: 1, sizeBytes: 3 },
    ]);
    assert.equal((await client.recent({}, own())).items[0]?.name, "a.mp4");
  });
});

describe("a share", () => {
  before(begin);
  beforeEach(clear);
  after(end);

  it("opens its entry and the entries below, and no others", async () => {
    const folder = await make("shared");
    const inside = await client.makePath({ path: "sub", folderId: folder.id }, own());
    const file = await put({ name: "a.txt", folderId: inside.id });
    const beside = await put({ name: "b.txt" });
    const { token, share } = await client.share({ id: folder.id }, own());
    assert.match(token, /^[\w-]{32}$/);
    const { ticket, entry } = await open(token);
    assert.deepEqual([entry.name, entry.kind, "folderId" in entry], ["shared", "folder", false]);
    const list = async (folderId?: Id) =>
      (await client.sharedEntries({ ticket, ...(folderId !== undefined && { folderId }) }, callOf())).items;
    assert.deepEqual(
      (await list()).map(({ name }) => name),
      ["sub"],
    );
    assert.deepEqual(
      (await list(inside.id)).map(({ name }) => name),
      ["a.txt"],
    );
    const content = (id: Id) => client.content({ id, ticket, isDownload: true }, callOf());
    assert.equal((await content(file.id)).name, "a.txt");
    for (const id of [beside.id, folder.id, 5]) await assert.rejects(content(id), { code: "drive.not_found" });
    await assert.rejects(list(file.id), { code: "drive.share_not_found" });
    await assert.rejects(client.zipShared({ ticket, ids: [beside.id] }, callOf()), { code: "drive.not_found" });
    assert.match((await client.zipShared({ ticket, ids: [inside.id] }, callOf())).url, /zip\?ticket=/);
    const [listed] = (await client.shares({}, own())).items;
    assert.deepEqual([listed?.id, listed?.visits, listed?.downloads, listed?.entryName], [share.id, 1, 1, "shared"]);
    assert.deepEqual((await client.shares({}, callOf(noor))).items, []);
    assert.deepEqual(Object.values(listed ?? {}).includes(token), false);
    assert.equal((await client.get({ id: folder.id }, own())).isShared, true);
  });

  it("ends immediately when it is revoked, renewed, given a password or expired, or its entry is trashed", async () => {
    const file = await put({});
    const ends: [string, (id: Id) => Promise<unknown>][] = [
      ["taken back", (id) => client.unshare({ id }, own())],
      ["renewed", (id) => client.renewShare({ id }, own())],
      ["given a password", (id) => client.updateShare({ id, password: "secret" }, own())],
      [
        "run out",
        (id) => sql`UPDATE drive.shares SET expires_at_ms = 1 WHERE id = ${id}`.execute(host.database("drive")),
      ],
      ["trashed", () => client.trash({ ids: [file.id] }, own())],
    ];
    for (const [how, end] of ends) {
      await client.restore({ ids: [file.id] }, own());
      const { share, token } = await client.share({ id: file.id }, own());
      const { ticket } = await open(token);
      const { url } = await client.zipShared({ ticket }, callOf());
      const zip = decodeURIComponent(url.split("ticket=")[1] ?? "");
      const content = () => client.content({ id: file.id, ticket, isDownload: true }, callOf());
      await content();
      await end(share.id);
      await assert.rejects(content(), { code: "drive.not_found" }, how);
      await assert.rejects(client.sharedEntries({ ticket }, callOf()), { code: "drive.share_not_found" }, how);
      await assert.rejects(zipped(zip), { code: "drive.not_found" }, how);
      const code = how === "given a password" ? "drive.password_needed" : "drive.share_not_found";
      await assert.rejects(open(token), { code }, how);
    }
    for (const id of [5, (await client.share({ id: (await put({})).id }, own())).share.id])
      await assert.rejects(client.unshare({ id }, callOf(noor)), { code: "drive.share_not_found" });
  });

  it("requires its password, limits attempts, and never returns it", async () => {
    const file = await put({});
    const { share, token } = await client.share({ id: file.id, password: "open sesame" }, own());
    assert.deepEqual([share.isProtected, JSON.stringify(share).includes("sesame")], [true, false]);
    await assert.rejects(open(token), { code: "drive.password_needed", http: 403 });
    await open(token, "open sesame", "here");
    const tries = await Promise.allSettled(Array.from({ length: 30 }, () => open(token, "wrong", "there")));
    const codes = tries.map((one) => (one.status === "rejected" ? (one.reason as { code: string }).code : "open"));
    assert.deepEqual(Map.groupBy(codes, (code) => code).get("drive.wrong_password")?.length, 10);
    assert.equal(codes.includes("open"), false);
    // Even the correct password is not checked from that source any more; from another it is.
    await assert.rejects(open(token, "open sesame", "there"), { code: "drive.too_many_tries", http: 429 });
    await open(token, "open sesame", "here");
    await client.updateShare({ id: share.id, password: "" }, own());
    await open(token);
    const { rows } = await sql<{ text: string }>`SELECT shares::text AS text FROM drive.shares`.execute(
      host.database("drive"),
    );
    assert.equal(
      rows.some(({ text }) => text.includes(token) || text.includes("sesame")),
      false,
    );
  });

  it("enforces its download limit for concurrent downloads, and counts a file once for each visit", async () => {
    const files = await Promise.all(Array.from({ length: 3 }, () => put({})));
    const folder = await make("f");
    await client.move({ ids: files.map(({ id }) => id), folderId: folder.id }, own());
    const { share, token } = await client.share({ id: folder.id, downloadsMax: 5 }, own());
    const visits = await Promise.all(Array.from({ length: 20 }, () => open(token)));
    const results = await Promise.allSettled(
      visits.flatMap(({ ticket }) =>
        Array.from({ length: 3 }, () => client.content({ id: files[0]?.id ?? 0, ticket, isDownload: true }, callOf())),
      ),
    );
    const fulfilledCount = results.filter(({ status }) => status === "fulfilled").length;
    assert.equal(fulfilledCount, 15);
    for (const one of results)
      if (one.status === "rejected") assert.equal((one.reason as { code: string }).code, "drive.used_up");
    assert.equal((await client.shares({}, own())).items[0]?.downloads, 5);
    await assert.rejects(open(token), { code: "drive.used_up", http: 410 });
    // A check without a download counts nothing; a visit that was counted continues.
    await client.updateShare({ id: share.id, downloadsMax: 6 }, own());
    const { ticket, downloadsLeft } = await open(token);
    assert.equal(downloadsLeft, 1);
    const content = (id: Id, isDownload: boolean) => client.content({ id, ticket, isDownload }, callOf());
    await content(files[1]?.id ?? 0, false);
    await content(files[1]?.id ?? 0, true);
    await content(files[1]?.id ?? 0, true);
    await assert.rejects(content(files[2]?.id ?? 0, false), { code: "drive.used_up" });
    await assert.rejects(content(files[2]?.id ?? 0, true), { code: "drive.used_up" });
  });

  it("of a single file is valid for its bytes until it expires or the file is trashed", async () => {
    const file = await put({ name: "a.txt" });
    const other = await put({ name: "b.txt" });
    const { url, expiresAtMs } = await client.link({ id: file.id, expiresInMs: 60_000, inline: true }, own());
    assert.ok(expiresAtMs <= Date.now() + 60_000 && url.includes("inline=1"));
    const ticket = url.split("ticket=")[1] ?? "";
    const content = (id: Id, given: string) => client.content({ id, ticket: given, isDownload: true }, callOf());
    assert.equal((await content(file.id, ticket)).name, "a.txt");
    await assert.rejects(content(other.id, ticket), { code: "drive.not_found" });
    const [claims = "", mac = ""] = ticket.split(".");
    const changed = Buffer.from(
      Buffer.from(claims, "base64url").toString().replace(String(file.id), String(other.id)),
    ).toString("base64url");
    const forged = [
      `${changed}.${mac}`,
      `${claims}.`,
      claims,
      "",
      `${claims}.${mac}.x`,
      `${claims}.${mac.slice(1)}`,
      "a.b",
    ];
    for (const one of forged)
      for (const { id } of [file, other]) await assert.rejects(content(id, one), { code: "drive.not_found" }, one);
    // A ticket of another user gives its owner no further access.
    await assert.rejects(client.content({ id: other.id, ticket, isDownload: true }, own()), {
      code: "drive.not_found",
    });
    await client.trash({ ids: [file.id] }, own());
    await assert.rejects(content(file.id, ticket), { code: "drive.not_found" });
    await client.restore({ ids: [file.id] }, own());
    assert.equal((await content(file.id, ticket)).name, "a.txt");
    await assert.rejects(client.link({ id: (await make("f")).id }, own()), { code: "drive.not_a_file" });
    await sql`UPDATE drive.user_files SET sha256 = 'others' WHERE id = ${file.id}`.execute(host.database("drive"));
    await assert.rejects(content(file.id, ticket), { code: "drive.not_found" });
  });

  it("of an archive holds the chosen entries side by side under unique names", async () => {
    const [a, b] = [await make("a"), await make("b")];
    const one = await put({ name: "same.txt", folderId: a.id });
    const two = await put({ name: "SAME.txt", folderId: b.id });
    await make("empty", a.id);
    const paths = async (ids: Id[]) => {
      const { url } = await client.zip({ ids }, own());
      return (await zipped(url.split("ticket=")[1] ?? "")).flatMap(({ entries }) => entries.map(({ path }) => path));
    };
    assert.deepEqual(
      new Set(await paths([a.id, one.id, two.id])),
      new Set(["a", "a/empty", "a/same.txt", "same.txt", "SAME (2).txt"]),
    );
    await assert.rejects(client.zip({ ids: [a.id, 5] }, own()), { code: "drive.not_found" });
    await assert.rejects(client.zip({ ids: [a.id] }, callOf(noor)), { code: "drive.not_found" });
    await assert.rejects(client.zip({ ids: [] }, own()), { code: "drive.not_found" });
  });
});

const open = (token: string, password?: string, source = "somewhere") =>
  client.openShare({ token, ...(password !== undefined && { password }) }, callOf(undefined, { source }));
async function zipped(ticket: string) {
  return Array.fromAsync((await host.host()).client(drive, "test").zipEntries({ ticket, isDownload: true }, callOf()));
}

const [mira, noor] = [7, 8];
let host: TestHost;
let uploads: FakeUpload;
let client: ReturnType<typeof clientOf>;
const released: Id[] = [];
const erased: Id[] = [];
const clientOf = (of: TestHost) => of.client(drive);

async function begin(): Promise<void> {
  host = new TestHost();
  uploads = new FakeUpload();
  client = clientOf(host);
  await host.add(uploads.plugin);
  await host.add(fakeMedia(uploads));
  await host.add(authStand);
  await host.add(drivePlugin);
  await host.add(listener);
}
async function clear(): Promise<void> {
  await host.clear();
  uploads.files.clear();
  uploads.bytesLeft = Number.MAX_SAFE_INTEGER;
  released.length = 0;
  erased.length = 0;
}
async function end(): Promise<void> {
  await host[Symbol.asyncDispose]();
}

let publishUserDeleted: (userId: Id) => Promise<void>;
const authStand = plugin({
  contract: contract("auth", 1, {}),
  needs: [],
  migrations: [],
  start({ db, emit }) {
    publishUserDeleted = (userId) => db.tx((tx) => emit(tx, userDeleted, userId, { userId }));
    return { handlers: {} };
  },
});
const listener = plugin({
  contract: contract("listener", 1, {}),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {},
    subscriptions: [
      on(fileReleased, async (_, { fileId }) => void released.push(fileId)),
      on(userErased, async (_, { userId }) => void erased.push(userId)),
    ],
  }),
});

const own = () => callOf(mira);
const make = (name: string, folderId?: Id, conflict: "rename" | "fail" = "fail", call = own()): Promise<Entry> =>
  client.createFolder({ name, conflict, ...(folderId !== undefined && { folderId }) }, call);
const put = (given: Parameters<FakeUpload["put"]>[1] = {}, userId = mira): Promise<Entry> =>
  client.place({ fileId: uploads.put(userId, given) }, callOf(userId));
const move = async (ids: Id[], folderId: Id): Promise<Outcome[]> => (await client.move({ ids, folderId }, own())).items;
const names = async (folderId?: Id): Promise<string[]> =>
  (await client.list({ limit: 100, ...(folderId !== undefined && { folderId }) }, own())).items.map(({ name }) => name);
async function findings(): Promise<string[]> {
  const lines: string[] = [];
  for await (const { service, finding } of (await host.host()).verify({ readsAll: false }))
    if (service === "drive") lines.push(finding);
  return lines;
}
type Broken = Pick<Tables["drive.user_files"], "id" | "parent_id"> & {
  trash_id: Id | null;
  trashed_at_ms: number | null;
};

/** Files in a folder, as rows alone. */
async function many(folderId: Id, total: number): Promise<void> {
  await sql`
    INSERT INTO drive.user_files (user_id, id, parent_id, rank, name, name_key, grams, file_id, key, sha256, kind, created_at_ms, changed_at_ms, uploaded_at_ms)
    SELECT ${mira}, n, ${folderId}, 1, 'f' || n, 'f' || n, '{}', n, 'k', 's', 'other', 1, 1, 1
    FROM generate_series(100001, 100000 + ${total}::integer) AS n`.execute(host.database("drive"));
  await sql`UPDATE drive.drives SET entry_count = entry_count + ${total}::integer WHERE user_id = ${mira}`.execute(
    host.database("drive"),
  );
}
/** The findings about such rows. */
const unstored = async () =>
  (await findings()).filter((text) => /^entry 10\d{4} is file \d+, which the upload service does not know$/.test(text));
async function liveCount(): Promise<number> {
  const { rows } = await sql<{
    total: number;
  }>`SELECT count(*) AS total FROM drive.user_files WHERE trash_id IS NULL`.execute(host.database("drive"));
  return rows[0]?.total ?? 0;
}
async function rowCount(): Promise<number> {
  const { rows } = await sql<{ total: number }>`SELECT count(*) AS total FROM drive.user_files`.execute(
    host.database("drive"),
  );
  return rows[0]?.total ?? 0;
}
