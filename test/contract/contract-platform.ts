import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { testedPlatform } from "../platform/fleet-platform.ts";
import type { Platform } from "../platform/platform.ts";
import { until } from "../until.ts";

type Json = Readonly<Record<string, unknown>>;
export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly data: Json;
  readonly list: readonly Json[];
  readonly headers: Headers;
}
export interface Member {
  readonly id: number;
  readonly name: string;
  readonly token: string;
}
export interface More {
  readonly as?: Member | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const password = "secret";

/** All of Kinora in this process behind a port of its own, asked over HTTP as its documented API says. */
export class ContractPlatform implements AsyncDisposable {
  readonly platform: Platform;
  #url = "";
  #members = 0;

  constructor(
    parts: ConstructorParameters<typeof Platform>[0] = {},
    hostParts: ConstructorParameters<typeof Platform>[3] = {},
  ) {
    this.platform = testedPlatform(parts, {}, {}, hostParts);
  }

  async open(): Promise<void> {
    await this.platform.open();
    this.#url = await this.platform.listen();
  }

  /** @param line the method and the path, as the document writes them. */
  async ask(line: string, { as, body, headers = {} }: More = {}): Promise<Answer> {
    const [method = "", path = ""] = line.split(" ");
    const isRaw = typeof body === "string" || body instanceof FormData;
    const answer = await fetch(this.#url + path, {
      method,
      headers: {
        ...(body !== undefined && !(body instanceof FormData) && { "content-type": "application/json" }),
        ...(as && { authorization: `Bearer ${as.token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: isRaw ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const parsed = (text.startsWith("{") ? JSON.parse(text) : {}) as Json; // An envelope, or no JSON at all.
    const data = (parsed["data"] ?? {}) as Json; // An object or null in every envelope.
    return {
      status: answer.status,
      body: parsed,
      data,
      list: (data["list"] ?? []) as Json[], // A list's rows are objects, save words, which nobody looks into.
      headers: answer.headers,
    };
  }

  /** As {@link ask}, where only success will do. */
  async done(line: string, more: More = {}): Promise<Answer> {
    const answer = await this.ask(line, more);
    assert.deepEqual([answer.status, answer.body["code"]], [200, 0], `${line}: ${JSON.stringify(answer.body)}`);
    return answer;
  }

  /** Asserts that it is refused so. */
  async refused(status: number, line: string, more: More = {}): Promise<Answer> {
    const answer = await this.ask(line, more);
    assert.deepEqual([answer.status, answer.body["code"]], [status, status], `${line}: ${JSON.stringify(answer.body)}`);
    return answer;
  }

  async join(wish?: string): Promise<Member> {
    const name = wish ?? `member${(this.#members += 1)}`;
    const { data } = await this.done("POST /api/v1/users/register", { body: { username: name, password } });
    return { id: Number(data["user_id"]), name, token: String(data["token"]) };
  }

  /** A small film of six seconds, watchable. */
  async publish(as: Member, fields: Readonly<Record<string, string>> = {}): Promise<number> {
    const form = new FormData();
    const bytes = await readFile(join(import.meta.dirname, "../media/quiet-audio.mp4"));
    form.append("file", new Blob([bytes]), "film.mp4");
    for (const [name, value] of Object.entries({ title: "A film", ...fields })) form.append(name, value);
    const { data } = await this.done("POST /api/v1/videos", { as, body: form });
    const id = Number(data["id"]);
    await this.becomes(`GET /api/v1/videos/${id}`, { as }, ({ data: video }) => video["status"] === 1);
    return id;
  }

  /** Settles when the answer is so; counters, notices and the index follow within seconds. */
  async becomes(line: string, more: More, isSo: (answer: Answer) => boolean): Promise<Answer> {
    let last = await this.ask(line, more);
    const look = async () => isSo((last = await this.ask(line, more)));
    await until(look, { said: () => `${line}: ${JSON.stringify(last.body)}` });
    return last;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.platform[Symbol.asyncDispose]();
  }
}

/** Asserts that these fields are there and no others. */
export function has(found: unknown, ...fields: readonly string[]): void {
  assert.ok(typeof found === "object" && found !== null, "an object");
  assert.deepEqual(Object.keys(found).toSorted(), fields.flatMap((some) => some.split(" ")).toSorted());
}
