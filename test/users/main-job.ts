import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Instance } from "../instance/instance.ts";
import { type Answer, patiently, type Person } from "./person.ts";
import { rows } from "../instance/tables.ts";
import { until } from "../until.ts";

const published = 1;
/** Long on a machine that does much else: attempts of killed servers are repeated later and later. */
const publishedMsMax = 420_000;

/**
 * One user's way through the main job: sign up, upload, publish, like, watch. It goes on where it was cut off and
 * repeats what was not answered under the same key, as a careful client does.
 */
export class MainJob {
  readonly #person: Person;
  readonly #clip: Buffer;
  /** The acknowledged steps, which may never be lost. */
  readonly acked = { account: false, media: 0, video: 0, like: false, view: false };

  constructor(person: Person, clip: Buffer) {
    this.#person = person;
    this.#clip = clip;
  }

  /** Does what was not answered yet. @throws Unanswered when the server dies. */
  async goOn(): Promise<void> {
    const { acked } = this;
    const person = this.#person;
    if (!acked.account) await person.signUp();
    acked.account = true;
    acked.media ||= made(await patiently(() => person.upload(this.#clip, "upload")), 201);
    const body = { title: "Bright sea", media_id: acked.media };
    acked.video ||= made(await patiently(() => person.ask("POST", "/videos", { key: "publish", body })), 201);
    await until(async () => (await this.#video())["status"] === published, { waitMs: publishedMsMax });
    const path = `/videos/${acked.video}`;
    if (!acked.like) made(await patiently(() => person.ask("POST", `${path}/like`, { key: "like" })), 200);
    acked.like = true;
    const watched = { position: 5, duration: 6, finished: true };
    if (!acked.view) made(await patiently(() => person.ask("POST", `${path}/play`, { body: watched })), 200);
    acked.view = true;
  }

  /** After a crash, before anything is repeated: what was acknowledged is there, what was not is whole or absent (R1, R2). */
  async isIntact(): Promise<void> {
    const { acked } = this;
    const person = this.#person;
    if (!acked.account && !(await person.isKnown())) return;
    if (!acked.account) await person.signIn();
    assert.equal((await person.get("/users/me"))["username"], person.username);
    const sizeBytes = this.#clip.byteLength;
    const { used_bytes: used } = await person.get("/upload/usage");
    assert.ok(used === sizeBytes || (used === 0 && acked.media === 0), `${String(used)} bytes are in use`);
    if (acked.media > 0) {
      const media = await person.get(`/media/${acked.media}`);
      const sha256 = createHash("sha256").update(this.#clip).digest("hex");
      assert.deepEqual([media["sha256"], media["size"]], [sha256, sizeBytes]);
    }
    const ownVideos = (await person.get("/users/me/videos"))["list"] as {
      id: number;
      title: string;
      media_id: number;
    }[]; // A page of videos.
    assert.ok(ownVideos.length === 1 || (ownVideos.length === 0 && acked.video === 0), `${ownVideos.length} videos`);
    if (acked.video > 0) assert.equal(ownVideos[0]?.id, acked.video);
    if (ownVideos[0]) assert.deepEqual([ownVideos[0].title, ownVideos[0].media_id], ["Bright sea", acked.media]);
    if (acked.video === 0) return;
    const { like_count, is_liked, play_count } = await this.#video();
    assert.deepEqual([like_count, is_liked], acked.like || is_liked === true ? [1, true] : [0, false]);
    assert.ok(play_count === 1 || (play_count === 0 && !acked.view), `${String(play_count)} views`);
  }

  /** When all is done and has settled: everything is there once (R3, D3). */
  async isDoneOnce(instance: Instance): Promise<void> {
    const person = this.#person;
    await this.isIntact();
    const { like_count, play_count, hls_url } = await this.#video();
    assert.deepEqual([like_count, play_count], [1, 1]);
    const { used_bytes, reserved_bytes } = await person.get("/upload/usage");
    assert.deepEqual([used_bytes, reserved_bytes], [this.#clip.byteLength, 0]);
    const feed = (await person.get("/recommend/feed"))["list"] as { id: number }[]; // Feed entries.
    assert.deepEqual(
      feed.map(({ id }) => id),
      [this.acked.video],
    );
    const playlist = await fetch(new URL(String(hls_url), person.url));
    assert.equal(playlist.status, 200);
    assert.match(await playlist.text(), /#EXT-X-STREAM-INF/);
    const consumed = async (service: string) =>
      (await rows(instance.data, service, "SELECT count(*)::int AS n FROM inbox"))[0]?.["n"];
    // One registration; one publication, one like, one view and what was watched: each was consumed once, and recorded.
    assert.deepEqual([await consumed("user"), await consumed("recommend")], [1, 4]);
  }

  #video(): Promise<Record<string, unknown>> {
    return this.#person.get(`/videos/${this.acked.video}`);
  }
}

/** The id in a successful answer. */
function made({ status, error, data }: Answer, wanted: number): number {
  assert.ok(status === wanted || status === 200, `${status} ${error}`);
  return Number(data["id"]);
}
