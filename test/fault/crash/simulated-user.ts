import assert from "node:assert/strict";
import { distinctClip } from "../../uploads/distinct-clip.ts";
import { type Answer, patiently, Person, Unanswered } from "../../users/person.ts";
import type { Random } from "../../random.ts";
import { ByChunks, ByHash, ByProof, ByTus, type Sending } from "../../uploads/sending.ts";

interface Video {
  title: string;
  readonly sizeBytes: number;
}
interface Deed {
  readonly name: string;
  /** Repeating it under its key gives the first answer. */
  ask(): Promise<Answer>;
  /** Notes what it changed. */
  done(answer: Answer): void;
  /** The state of the server that may differ while it is not known if this was done. */
  readonly touches: { readonly video?: number; readonly publishes?: boolean; readonly uploads?: number };
  /** A file that is sent in parts: acknowledged ones are never lost. */
  readonly sending?: Sending;
}

/** How a file comes into the drive: by each API that takes parts, and by proof that one has it. */
const ways = ["chunks", "tus", "hash", "proof"] as const;

/**
 * A user who signs up, uploads whole and in parts, publishes, renames, deletes, likes and watches. They do one thing
 * after the other, and know the answers. The act under way when the server died may have happened or not, but not in
 * between.
 */
export class SimulatedUser {
  readonly person: Person;
  readonly #random: Random;
  readonly #clip: Buffer;
  readonly videos = new Map<number, Video>();
  /** The server is about to be killed. */
  mayFail = false;
  /** The content of files in the drive. */
  readonly #files: Buffer[] = [];
  readonly #deleted = new Set<number>();
  readonly #likes = new Map<number, boolean>();
  readonly #unpublished: { id: number; sizeBytes: number }[] = [];
  /** Answers that were given, to be asked for again. */
  readonly #answers: { deed: Deed; id: unknown }[] = [];
  #nickname: string;
  #hasAccount = false;
  #pending: Deed | undefined;
  #count = 0;

  constructor(url: string, random: Random, clip: Buffer) {
    this.person = new Person(url);
    this.#nickname = this.person.username;
    this.#random = random;
    this.#clip = clip;
  }

  get acknowledged(): number {
    return this.#count - (this.#pending ? 1 : 0);
  }

  /** Lives until the server has ended. */
  async goOn(others: () => readonly number[]): Promise<void> {
    try {
      if (!this.#hasAccount) await this.person.signUp();
      this.#hasAccount = true;
      for (;;) await this.#do(this.#pending ?? this.#next(others()));
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
    }
  }

  /** After a crash, before anything is repeated: nothing that was answered is lost, nothing half done shows (R1, R2). */
  async isIntact(): Promise<void> {
    const { person } = this;
    if (!this.#hasAccount && !(await person.isKnown())) return;
    await person.signIn();
    this.#hasAccount = true;
    const { touches = {}, name = "", sending } = this.#pending ?? {};
    await sending?.isIntact();
    const me = await person.get("/users/me");
    assert.ok(me["nickname"] === this.#nickname || name === "rename myself", `nickname ${String(me["nickname"])}`);
    const listed = await this.#videos();
    const strange = listed.filter(({ id }) => !this.videos.has(id) && touches.video !== id);
    assert.ok(
      strange.length <= (touches.publishes === true ? 1 : 0),
      `${strange.length} videos nobody published, during ${name}`,
    );
    for (const [id, { title }] of this.videos) {
      if (touches.video === id) continue;
      assert.equal(listed.find((video) => video.id === id)?.title, title, `video ${id} of ${person.username}`);
    }
    for (const id of this.#deleted) assert.equal((await person.ask("GET", `/videos/${id}`)).status, 404);
    const files = await this.#filesShown();
    const sizes = this.#sizesOfFiles();
    // The last one may have become a file whose answer was lost.
    const andLast = [...sizes, ...(sending ? [sending.bytes.byteLength] : [])].toSorted((a, b) => a - b);
    assert.deepEqual(files, files.length === sizes.length ? sizes : andLast, `files in the drive, during ${name}`);
    const liked = this.#random.pick([...this.#likes]);
    if (liked && touches.video !== liked[0]) await this.#likesAsKnown(liked);
  }

  /** Repeats what was under way and some of what was answered long before: each happens once (R3). */
  async repeat(): Promise<void> {
    if (this.#pending) await this.#do(this.#pending);
    const before = this.#random.pick(this.#answers);
    if (!before) return;
    const { status, data, error } = await before.deed.ask();
    assert.deepEqual([status < 300, data["id"]], [true, before.id], `${before.deed.name} again: ${status} ${error}`);
  }

  /** When all has settled: exactly what was done is there. */
  async isExact(): Promise<void> {
    // Each of the rounds may have been too short for an account.
    if (!this.#hasAccount) return;
    const listed = await this.#videos();
    const expected = [...this.videos].map(([id, { title }]) => ({ id, title })).toSorted((a, b) => b.id - a.id);
    assert.deepEqual(listed, expected);
    for (const like of this.#likes) await this.#likesAsKnown(like);
    assert.deepEqual(await this.#filesShown(), this.#sizesOfFiles());
    const ofVideos = [...this.videos.values(), ...this.#unpublished].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const ofFiles = this.#sizesOfFiles().reduce((sum, sizeBytes) => sum + sizeBytes, 0);
    const { used_bytes: used, reserved_bytes: reserved } = await this.person.get("/upload/usage");
    assert.deepEqual([used, reserved], [ofVideos + ofFiles, 0]);
  }

  async #do(deed: Deed): Promise<void> {
    this.#pending = deed;
    const answer = await patiently(
      () => deed.ask(),
      () => this.mayFail,
    );
    // The server or its database was dying: whether it was done is not known. Before that, 503 is asked again.
    if (answer.status >= 500 && this.mayFail) throw new Unanswered(`${deed.name}: ${answer.status} ${answer.error}`);
    assert.ok(answer.status < 300, `${deed.name}: ${answer.status} ${answer.error} ${answer.message}`);
    deed.done(answer);
    this.#pending = undefined;
    if (deed.touches.video === undefined) this.#answers.push({ deed, id: answer.data["id"] });
  }

  #next(others: readonly number[]): Deed {
    const key = `${this.person.username}-${++this.#count}`;
    const chance = this.#random.next();
    const own = this.#random.pick([...this.videos.keys()]);
    const waiting = this.#unpublished[0];
    if (waiting) return this.#publish(key, waiting);
    if (chance < 0.14 || own === undefined) return this.#upload(key);
    if (chance < 0.3) return this.#send(key);
    if (chance < 0.4) return this.#renameMyself(key);
    if (chance < 0.55) return this.#retitle(key, own);
    if (chance < 0.62 && this.videos.size > 1) return this.#delete(key, own);
    const video = this.#random.pick(others) ?? own;
    return chance < 0.9 ? this.#like(key, video) : this.#watch(video);
  }

  #upload(key: string): Deed {
    const bytes = distinctClip(this.#clip, key);
    return {
      name: "upload",
      ask: () => this.person.upload(bytes, key),
      done: ({ data }) => this.#unpublished.push({ id: Number(data["id"]), sizeBytes: bytes.byteLength }),
      touches: { uploads: bytes.byteLength },
    };
  }

  #send(key: string): Deed {
    const way = this.#random.pick(ways);
    const stored = this.#random.pick(this.#files);
    const sending =
      way === "proof" && stored
        ? new ByProof(this.person, key, stored)
        : new { chunks: ByChunks, tus: ByTus, hash: ByHash, proof: ByTus }[way ?? "tus"](this.person, key);
    return {
      name: `send by ${way}`,
      ask: () => sending.goOn(),
      done: () => void this.#files.push(sending.bytes),
      touches: {},
      sending,
    };
  }

  #publish(key: string, media: { id: number; sizeBytes: number }): Deed {
    const title = `of ${key}`;
    return {
      name: "publish",
      ask: () => this.person.ask("POST", "/videos", { key, body: { title, media_id: media.id } }),
      done: ({ data }) => {
        this.#unpublished.shift();
        this.videos.set(Number(data["id"]), { title, sizeBytes: media.sizeBytes });
      },
      touches: { publishes: true },
    };
  }

  #renameMyself(key: string): Deed {
    return {
      name: "rename myself",
      ask: () => this.person.ask("PUT", "/users/me", { key, body: { nickname: key } }),
      done: () => void (this.#nickname = key),
      touches: {},
    };
  }

  #retitle(key: string, id: number): Deed {
    return {
      name: "retitle",
      ask: () => this.person.ask("PUT", `/videos/${id}`, { key, body: { title: key } }),
      done: () => {
        const video = this.videos.get(id);
        if (video) video.title = key;
      },
      touches: { video: id },
    };
  }

  #delete(key: string, id: number): Deed {
    return {
      name: "delete",
      ask: () => this.person.ask("DELETE", `/videos/${id}`, { key }),
      done: () => {
        this.videos.delete(id);
        this.#likes.delete(id);
        this.#deleted.add(id);
      },
      touches: { video: id },
    };
  }

  #like(key: string, id: number): Deed {
    const likes = this.#likes.get(id) !== true;
    return {
      name: likes ? "like" : "unlike",
      ask: async () => {
        const answer = await this.person.ask(likes ? "POST" : "DELETE", `/videos/${id}/like`, { key });
        // Another user deleted it, or it is not ready: that is an answer too.
        return answer.status === 404 ? { ...answer, status: 200, data: { liked: "gone" } } : answer;
      },
      done: ({ data }) => void (data["liked"] === "gone" ? this.#likes.delete(id) : this.#likes.set(id, likes)),
      touches: { video: id },
    };
  }

  #watch(id: number): Deed {
    return {
      name: "watch",
      ask: async () => {
        const answer = await this.person.ask("POST", `/videos/${id}/play`, { body: { position: 5, finished: true } });
        return answer.status === 404 ? { ...answer, status: 200 } : answer;
      },
      done: () => undefined,
      touches: { video: id },
    };
  }

  async #likesAsKnown([id, likes]: [number, boolean]): Promise<void> {
    const { status, data } = await this.person.ask("GET", `/videos/${id}`);
    if (status !== 404) assert.equal(data["is_liked"], likes, `${this.person.username} and video ${id}`);
  }

  /** All own videos, newest first. */
  async #videos(): Promise<{ id: number; title: string }[]> {
    const list = (await this.#all("/users/me/videos")) as { id: number; title: string }[]; // Videos.
    return list.map(({ id, title }) => ({ id, title }));
  }

  /** The sizes of all files in the drive, of which some are alike. */
  async #filesShown(): Promise<number[]> {
    const list = (await this.#all("/drive")) as { size: number }[]; // Entries.
    return list.map(({ size }) => size).toSorted((a, b) => a - b);
  }

  #sizesOfFiles(): number[] {
    return this.#files.map(({ byteLength }) => byteLength).toSorted((a, b) => a - b);
  }

  /** Every page of a list. */
  async #all(path: string): Promise<object[]> {
    const items: object[] = [];
    for (let next = ""; ; ) {
      const page = await this.person.get(`${path}?page_size=100${next && `&cursor=${next}`}`);
      items.push(...(page["list"] as object[])); // The rows of every page.
      if (page["has_more"] !== true) return items;
      next = String(page["next_cursor"]);
    }
  }
}
