import { createHash } from "node:crypto";
import type { Platform } from "../platform/platform.ts";

export const mebibyte = 2 ** 20;
export const hashed = (kind: "md5" | "sha1" | "sha256", bytes: Uint8Array): string =>
  createHash(kind).update(bytes).digest("hex");

/** An answer as a client of another system sees it. */
export interface ForeignAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;
  /** Empty where it is no JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** A client that knows nothing of us but an address: real requests over a real socket. */
export class ForeignClient {
  readonly base: string;

  private constructor(base: string) {
    this.base = base;
  }

  static async of(platform: Platform): Promise<ForeignClient> {
    return new ForeignClient(`http://127.0.0.1:${await platform.app.listen({ port: 0, host: "127.0.0.1" })}`);
  }

  async ask(path: string, asked: RequestInit = {}): Promise<ForeignAnswer> {
    const url = path.startsWith("http") ? path : this.base + path;
    const answer = await fetch(url, { redirect: "manual", ...asked });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const text = bytes.toString();
    const isJson = answer.headers.get("content-type")?.startsWith("application/json") === true && text !== "";
    const json = isJson ? (JSON.parse(text) as Record<string, unknown>) : {}; // Every envelope is an object.
    return { status: answer.status, headers: answer.headers, bytes, text, json };
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<ForeignAnswer> {
    const sent = { "content-type": "application/json", ...headers };
    return this.ask(path, { method: "POST", headers: sent, body: JSON.stringify(body) });
  }

  /** Opens as many uploads as the holder of this token may have, in our own API. */
  async fillUploads(token: string): Promise<void> {
    const headers = { authorization: `Bearer ${token}` };
    for (let n = 0; n < 50; n++) {
      const { status, text } = await this.post("/api/v1/upload/init", { name: `${n}.bin`, size: 1_000 + n }, headers);
      if (status !== 200) throw new Error(text);
    }
  }

  /** A form whose parts come in this order; bytes are files. */
  form(
    path: string,
    parts: Readonly<Record<string, string | Uint8Array>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ForeignAnswer> {
    const body = new FormData();
    for (const [name, value] of Object.entries(parts))
      if (typeof value === "string") body.append(name, value);
      else body.append(name, new Blob([Buffer.from(value)]), "blob.bin");
    return this.ask(path, { method: "POST", headers, body });
  }
}
