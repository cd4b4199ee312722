import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "../../until.ts";
import { type Answer, patiently, type Person, Unanswered } from "../../users/person.ts";
import type { Random } from "../../random.ts";

/** A write that was not answered. */
interface Write {
  readonly id: number | undefined;
  readonly word: string;
}

interface Load {
  end(): Promise<void>;
}

/** Videos of one user, each with a title that no other has, and what a search for it must find. */
export class SearchedVideos {
  readonly #person: Person;
  readonly #random: Random;
  #mediaId = 0;
  /** The words of videos, as acknowledged. */
  readonly #words = new Map<number, string>();
  readonly #formerWords: string[] = [];
  #unanswered: Write | undefined;
  acknowledged = 0;
  /** Searches that were answered, each with what it may find. */
  answered = 0;

  constructor(person: Person, random: Random) {
    this.#person = person;
    this.#random = random;
  }

  /** The media of all of them. */
  async upload(): Promise<void> {
    const clip = await readFile(join(import.meta.dirname, "../../media/one-frame.mp4"));
    const { status, data } = await this.#person.upload(clip);
    assert.ok(status < 300, `${status}`);
    this.#mediaId = Number(data["id"]);
    await this.publish();
  }

  async publish(): Promise<number> {
    await this.#write({ id: undefined, word: this.#newWord() });
    return [...this.#words.keys()].at(-1) ?? 0;
  }

  /** Looks for it no longer; yields the word of its title. */
  setAside(id: number): string {
    const word = this.#words.get(id) ?? "";
    this.#words.delete(id);
    return word;
  }

  hangUp(): void {
    this.#person.hangUp();
  }

  /** Writes until the server dies. */
  load(): Load {
    const writes = this.#untilDeath(async () => {
      const ids = [...this.#words.keys()];
      const id = this.#random.whole(0, 2) === 0 ? undefined : this.#random.pick(ids);
      await this.#write({ id, word: this.#newWord() });
    });
    return { end: () => writes };
  }

  /** Searches until it is ended or the server dies. */
  searches(): Load {
    let isOver = false;
    const searches = this.#untilDeath(
      async () => {
        const [id, word] = this.#random.pick([...this.#words]) ?? [0, ""];
        const ids = await this.found(word);
        assert.ok(ids.length === 0 || ids[0] === id, `${word}: ${ids.join(", ")}`);
        this.answered++;
        await new Promise((resolve) => setTimeout(resolve, 50));
      },
      () => isOver,
    );
    return {
      async end() {
        isOver = true;
        await searches;
      },
    };
  }

  /** Repeats what was not answered. */
  async repeat(): Promise<void> {
    if (this.#unanswered) await this.#write(this.#unanswered);
  }

  /** Every acknowledged title finds its video, and none that was replaced finds any. */
  async areFound(): Promise<void> {
    for (const [id, word] of this.#words)
      await until(async () => (await this.found(word)).join() === String(id), {
        waitMs: 20_000,
        said: () => `${word} of video ${id} is not found`,
      });
    for (const word of this.#formerWords) assert.deepEqual(await this.found(word), [], word);
  }

  async found(word: string): Promise<number[]> {
    const { list } = await this.#person.get(`/search/videos?q=${word}`);
    return (list as { id: number }[]).map(({ id }) => id); // A page of videos.
  }

  async #write(write: Write): Promise<void> {
    const { id, word } = write;
    this.#unanswered = write;
    const answer = await patiently(() =>
      id === undefined
        ? this.#person.ask("POST", "/videos", { key: word, body: { title: word, media_id: this.#mediaId } })
        : this.#person.ask("PUT", `/videos/${id}`, { body: { title: word } }),
    );
    this.#unanswered = undefined;
    this.acknowledged++;
    const former = id === undefined ? undefined : this.#words.get(id);
    if (former !== undefined) this.#formerWords.push(former);
    this.#words.set(id ?? idOf(answer), word);
    assert.ok(answer.status < 300, `${answer.status} ${answer.error}`);
  }

  #newWord(): string {
    return String.fromCharCode(...Array.from({ length: 14 }, () => this.#random.whole(97, 122)));
  }

  async #untilDeath(act: () => Promise<void>, isOver: () => boolean = () => false): Promise<void> {
    try {
      while (!isOver()) await act();
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
    }
  }
}

const idOf = ({ data }: Answer): number => Number(data["id"]);
