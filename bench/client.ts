import { readFile } from "node:fs/promises";

/** As much of `/api/v1` as measurements need. */
export class Client {
  readonly url: string;
  #token = "";

  constructor(url: string) {
    this.url = url;
  }

  async register(username: string): Promise<void> {
    await this.#authenticate("/users/register", username);
  }

  /** A token ends sooner than some measurements do. */
  async signIn(username: string): Promise<void> {
    await this.#authenticate("/users/login", username);
  }

  async #authenticate(path: string, username: string): Promise<void> {
    this.#token = "";
    const { token } = await this.ask<{ token: string }>(path, { username, password: "a bench password" });
    this.#token = token;
  }

  /** The `data` of an answer; a body makes it a POST. */
  async ask<T>(path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { ...(body !== undefined && { "content-type": "application/json" }), ...this.#authorization() },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const { data, message } = (await answer.json()) as { data: T; message: string }; // The envelope of every answer.
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${message}`);
    return data;
  }

  /** Uploads a file as the web app does; yields the media object and when the last byte left, on the monotonic clock. */
  async upload(path: string): Promise<{ id: number; sentAt: number }> {
    const bytes = await readFile(path);
    const form = new FormData();
    form.set("purpose", "video");
    form.set("file", new Blob([bytes], { type: "video/mp4" }), "clip.mp4");
    const whole = new Response(form);
    const type = whole.headers.get("content-type") ?? "";
    const body = Buffer.from(await whole.arrayBuffer());
    let sentAt = 0;
    const chunks = async function* () {
      for (let at = 0; at < body.byteLength; at += 2 ** 18) yield body.subarray(at, at + 2 ** 18);
      sentAt = performance.now();
    };
    const answer = await fetch(`${this.url}/api/v1/media/upload`, {
      method: "POST",
      headers: { "content-type": type, "content-length": String(body.byteLength), ...this.#authorization() },
      body: chunks(),
      duplex: "half",
    });
    const { data, message } = (await answer.json()) as { data: { id: number }; message: string };
    if (!answer.ok) throw new Error(`upload: ${answer.status} ${message}`);
    return { id: data.id, sentAt };
  }

  #authorization(): Record<string, string> {
    return this.#token === "" ? {} : { authorization: `Bearer ${this.#token}` };
  }
}
