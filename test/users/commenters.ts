import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../until.ts";
import { Person } from "./person.ts";

const pauseMs = 40;

/** Three users who comment on a video until they are stopped, and remember which comments were acknowledged. */
export class Commenters {
  readonly #video: number;
  /** The contents of comments that were acknowledged. */
  readonly acknowledged: string[] = [];
  readonly #running: Promise<unknown>;
  readonly failures: string[] = [];
  /** The slowest acknowledged comment. */
  slowestMs = 0;
  #isOver = false;

  private constructor(people: readonly Person[], video: number) {
    this.#video = video;
    this.#running = Promise.all(people.map((person) => this.#write(person)));
  }

  static async start(url: string, video: number): Promise<Commenters> {
    const people = Array.from({ length: 3 }, () => new Person(url));
    for (const person of people) await person.signUp();
    const commenters = new Commenters(people, video);
    await commenters.advance(5);
    return commenters;
  }

  /** Settles when so many more were acknowledged. */
  async advance(count: number): Promise<void> {
    const end = this.acknowledged.length + count;
    await until(() => this.acknowledged.length >= end, { said: () => this.failures.slice(-5).join("\n") });
  }

  /** Stops them; none of their comments was refused. */
  async finish(): Promise<void> {
    this.#isOver = true;
    await this.#running;
    assert.deepEqual(this.failures, []);
  }

  async #write(person: Person): Promise<void> {
    for (let n = 0; !this.#isOver; n++) {
      const content = `${person.username} ${n}`;
      const beganMs = performance.now();
      const answer = await person
        .ask("POST", `/videos/${this.#video}/comments`, { body: { content } })
        .catch((error: unknown) => ({ status: 0, error: String(error) }));
      if (answer.status < 300 && answer.status > 0) {
        this.acknowledged.push(content);
        this.slowestMs = Math.max(this.slowestMs, performance.now() - beganMs);
      } else this.failures.push(`${answer.status} ${answer.error}`);
      await sleep(pauseMs);
    }
  }
}
