import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Instance } from "../instance/instance.ts";
import { until } from "../until.ts";
import { Person } from "./person.ts";
import { settled } from "../instance/tables.ts";

const clip = join(import.meta.dirname, "../media/one-frame.mp4");

/** Three writers beside a new video of a server, from their first acknowledged writes until they are stopped. */
export class Writers {
  readonly #all: readonly Writer[];
  readonly #writing: Promise<unknown>;

  private constructor(all: readonly Writer[]) {
    this.#all = all;
    this.#writing = Promise.all(all.map((writer) => writer.goOn()));
    this.#writing.catch(() => undefined);
  }

  static async start(instance: Instance): Promise<Writers> {
    const author = new Person(instance.url);
    await author.signUp();
    const { data: file } = await author.upload(await readFile(clip));
    const { data: video } = await author.ask("POST", "/videos", { body: { title: "Before", media_id: file["id"] } });
    await settled(instance);
    const path = `/videos/${String(video["id"])}`;
    const writers = new Writers(Array.from({ length: 3 }, () => new Writer(instance.url, path)));
    await writers.advance(5);
    return writers;
  }

  /** Settles when each has had more than so many further writes acknowledged. */
  async advance(writes: number): Promise<void> {
    const before = this.#all.map(({ acknowledged }) => acknowledged);
    await until(() => this.#all.every(({ acknowledged }, n) => acknowledged > (before[n] ?? 0) + writes));
  }

  /** Settles when each was refused with this status. */
  areRefused(status: number): Promise<boolean> {
    return until(() => this.#all.every(({ refused }) => refused.has(status)));
  }

  /** Stops them: what was acknowledged is there, and they were refused with these statuses alone. */
  async finish(statuses: readonly number[]): Promise<void> {
    for (const writer of this.#all) writer.stop();
    await this.#writing;
    for (const writer of this.#all) {
      await writer.isIntact();
      assert.deepEqual(
        [...writer.refused].filter((status) => !statuses.includes(status)),
        [],
      );
    }
  }
}

/** Signs up, likes and rewrites a profile for as long as it may, whatever is answered, and remembers what was. */
class Writer {
  readonly refused = new Set<number>();
  acknowledged = 0;
  readonly #url: string;
  readonly #video: string;
  readonly #accounts: Person[] = [];
  #introductions: string[] = [];
  #isLiked: boolean | undefined;
  #isOver = false;

  constructor(url: string, video: string) {
    this.#url = url;
    this.#video = video;
  }

  async goOn(): Promise<void> {
    const me = new Person(this.#url);
    await me.signUp();
    this.#accounts.push(me);
    for (let n = 0; !this.#isOver; n++) {
      const text = `${me.username} ${n} ${"x".repeat(150)}`;
      this.#introductions.push(text);
      if (await this.#does(me.ask("PUT", "/users/me", { body: { introduction: text } }))) this.#introductions = [text];
      const likes = this.#isLiked !== true;
      this.#isLiked = undefined;
      if (await this.#does(me.ask(likes ? "POST" : "DELETE", `${this.#video}/like`))) this.#isLiked = likes;
      if (n % 5 > 0) continue;
      const another = new Person(this.#url);
      const account = { username: another.username, password: another.password };
      if (await this.#does(another.ask("POST", "/users/register", { body: account }))) this.#accounts.push(another);
    }
  }

  stop(): void {
    this.#isOver = true;
  }

  /** Everybody who was let in can come in; what was said last, or refused since, is what is there. */
  async isIntact(): Promise<void> {
    for (const person of this.#accounts) await person.signIn();
    const [me] = this.#accounts;
    assert.ok(me);
    assert.ok(this.#introductions.includes(String((await me.get("/users/me"))["introduction"])));
    if (this.#isLiked !== undefined) assert.equal((await me.get(this.#video))["is_liked"], this.#isLiked);
  }

  async #does(asked: Promise<{ status: number }>): Promise<boolean> {
    const { status } = await asked;
    if (status < 300) this.acknowledged += 1;
    else this.refused.add(status);
    return status < 300;
  }
}
