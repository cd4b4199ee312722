import assert from "node:assert/strict";
import { Person } from "./person.ts";

/** Signs up, likes and rewrites a profile for as long as it may, whatever is answered, and remembers what was. */
export class WriterOfEverything {
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
