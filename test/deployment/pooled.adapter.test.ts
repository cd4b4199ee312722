import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { startPostgres } from "#kernel/postgres/postgres";
import { Instance } from "../instance/instance.ts";
import { distinctClip } from "../uploads/distinct-clip.ts";
import { Person } from "../users/person.ts";
import { startPgBouncer } from "../servers/pgbouncer.ts";
import { until } from "../until.ts";

it("a whole server behind a PgBouncer with three sessions lets eight users upload, publish and like concurrently", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kinora-pooled-"));
  try {
    await using database = await startPostgres(folder);
    const at = { host: database.socket, user: database.user, database: "postgres" };
    await using pooler = await startPgBouncer(at);
    await using instance = await Instance.start({
      env: {
        KINORA_DB_URL: pooler.url,
        KINORA_DB_POOLED: "on",
        KINORA_DB_DIRECT_URL: `postgresql://${at.user}@localhost/${at.database}?host=${encodeURIComponent(at.host)}`,
        KINORA_RATE_LIMIT: "off",
      },
    });
    const clip = await readFile(join(import.meta.dirname, "../media/one-frame.mp4"));
    const people = Array.from({ length: 8 }, () => new Person(instance.url));
    await Promise.all(
      people.map(async (person, n) => {
        await person.signUp();
        // Each upload is another file.
        const { data: media } = await person.upload(distinctClip(clip, `${n}`), `upload ${n}`);
        const publish = () =>
          person.ask("POST", "/videos", { key: "publish", body: { title: `Film ${n}`, media_id: media["id"] } });
        const [first, again] = await Promise.all([publish(), publish()]);
        assert.deepEqual([first.error, again.error, again.data["id"]], ["", "", first.data["id"]]);
        const video = `/videos/${Number(first.data["id"])}`;
        await until(async () => (await person.get(video))["status"] === 1);
        assert.equal((await person.ask("POST", `${video}/like`, { key: "like" })).status, 200);
        assert.deepEqual([(await person.get(video))["like_count"], (await person.get(video))["is_liked"]], [1, true]);
      }),
    );
    const [reader] = people;
    assert.ok(reader);
    const feed = async () => (await reader.get("/recommend/feed"))["list"] as unknown[]; // Feed entries.
    await until(async () => (await feed()).length === people.length);
    assert.equal(await instance.stop(), 0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
