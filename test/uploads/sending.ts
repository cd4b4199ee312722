import assert from "node:assert/strict";
import { createCipheriv, createHash } from "node:crypto";
import { until } from "../until.ts";
import { type Answer, formOf, type Person } from "../users/person.ts";

/** The smallest chunks a server can be configured to take, so that small files have several. */
export const smallChunks = { KINORA_UPLOAD_CHUNK_MAX: "1MiB" };
const partBytes = 2 ** 20;
/** Three parts, the last of them short: at least so much. */
const sizeBytes = 2 * partBytes + 70_000;
const octets = "application/octet-stream";

/** A file on its way into a user's drive in parts. */
export interface Sending {
  readonly bytes: Buffer;
  /**
   * Asks how far it is and sends the rest, as a careful client does; yields the answer that ended it, with the file's
   * number as `id`, or the first refusal. Done again, it answers the same. @throws Unanswered when the server dies.
   */
  goOn(): Promise<Answer>;
  /** After a crash, before anything is repeated: every part that was acknowledged is there (R1). */
  isIntact(): Promise<void>;
}

/** By chunks that the server numbers. */
export class ByChunks implements Sending {
  readonly bytes: Buffer;
  readonly #person: Person;
  readonly #name: string;
  readonly #acknowledged = new Set<number>();
  #id = 0;

  constructor(person: Person, name: string) {
    this.#person = person;
    this.#name = name;
    this.bytes = bytesOf(name);
  }

  async goOn(): Promise<Answer> {
    const person = this.#person;
    if (this.#id === 0) {
      const begun = await person.ask("POST", "/upload/init", { key: `${this.#name} init`, body: described(this) });
      if (begun.status >= 300) return begun;
      this.#id = (begun.data["upload"] as { id: number }).id; // The type of the contract.
    }
    const seen = await person.ask("GET", `/upload/${this.#id}/status`);
    // A finished session has no chunks any more, and needs none.
    if (seen.status >= 300 || seen.data["status"] === "completed") return numbered(seen, "file_id");
    const chunks = await person.ask("GET", `/upload/${this.#id}/chunks`);
    if (chunks.status >= 300) return chunks;
    for (const index of indexesOf(chunks.data["missing"])) {
      const path = `/upload/chunk?upload_id=${this.#id}&index=${index}`;
      const sent = await person.ask("POST", path, { raw: { type: octets, bytes: partAt(this.bytes, index) } });
      if (sent.status >= 300) return sent;
      this.#acknowledged.add(index);
    }
    return numbered(await person.ask("POST", `/upload/${this.#id}/complete`, { body: {} }), "file_id");
  }

  async isIntact(): Promise<void> {
    if (this.#id === 0) return;
    const { status } = await this.#person.get(`/upload/${this.#id}/status`);
    const received = indexesOf((await this.#person.get(`/upload/${this.#id}/chunks`))["received"]);
    assert.ok(status === "completed" || [...this.#acknowledged].every((index) => received.includes(index)));
  }
}

/** By tus, in several requests. */
export class ByTus implements Sending {
  readonly bytes: Buffer;
  readonly #person: Person;
  readonly #name: string;
  #path = "";
  #acknowledgedBytes = 0;
  #fileId = 0;

  constructor(person: Person, name: string) {
    this.#person = person;
    this.#name = name;
    this.bytes = bytesOf(name);
  }

  async goOn(): Promise<Answer> {
    if (this.#path === "") {
      const metadata = `filename ${btoa(this.#name)},purpose ${btoa("drive")}`;
      const headers = { ...tus, "upload-length": String(this.bytes.byteLength), "upload-metadata": metadata };
      const begun = await this.#person.ask("POST", "/tus", { key: `${this.#name} create`, headers });
      if (begun.status >= 300) return begun;
      this.#path = String(begun.headers["location"]).replace("/api/v1", "");
    }
    for (let seen = await this.#look(); ; ) {
      if (seen.status >= 300) return seen;
      const offset = Number(seen.headers["upload-offset"]);
      if (offset === this.bytes.byteLength) break;
      const headers = { ...tus, "upload-offset": String(offset) };
      const raw = { type: "application/offset+octet-stream", bytes: this.bytes.subarray(offset, offset + partBytes) };
      seen = await this.#person.ask("PATCH", this.#path, { headers, raw });
      this.#acknowledgedBytes = Number(seen.headers["upload-offset"] ?? this.#acknowledgedBytes);
    }
    const ended = numbered(await this.#person.ask("GET", `/upload/${this.#id}/status`), "file_id");
    assert.ok(this.#fileId === 0 || this.#fileId === ended.data["id"]);
    this.#fileId = Number(ended.data["id"]);
    return ended;
  }

  async isIntact(): Promise<void> {
    if (this.#path === "") return;
    const { status, headers } = await this.#look();
    const offset = Number(headers["upload-offset"]);
    assert.ok(status === 200 && offset >= this.#acknowledgedBytes, `${offset} of ${this.#acknowledgedBytes} bytes`);
  }

  #look(): Promise<Answer> {
    return this.#person.ask("HEAD", this.#path, { headers: tus });
  }

  get #id(): string {
    return this.#path.split("/").at(-1) ?? "";
  }
}

/** By the compatible API that finds an upload by its hash. */
export class ByHash implements Sending {
  readonly bytes: Buffer;
  readonly #person: Person;
  readonly #name: string;
  readonly #hash: string;
  readonly #acknowledged = new Set<number>();
  #isBegun = false;

  constructor(person: Person, name: string) {
    this.#person = person;
    this.#name = name;
    this.bytes = bytesOf(name);
    this.#hash = sha256(this.bytes);
  }

  async goOn(): Promise<Answer> {
    const named = { file_hash: this.#hash, filename: this.#name };
    const begun = this.#isBegun
      ? await this.#status()
      : await this.#ask("POST", "/init", { ...named, file_size: this.bytes.byteLength });
    if (begun.status >= 300) return begun;
    this.#isBegun = true;
    const count = Math.ceil(this.bytes.byteLength / partBytes);
    const arrived = begun.data["finished_chunks"] as string[]; // The type of the contract.
    for (let index = 0; index < count && begun.data["status"] === "uploading"; index++) {
      if (arrived.includes(String(index))) continue;
      const fields = { file_hash: this.#hash, index: String(index) };
      const raw = formOf(partAt(this.bytes, index), fields, "part", "data");
      const sent = await this.#person.ask("POST", "/chunk", { api: "/upload", raw });
      if (sent.status >= 300) return sent;
      this.#acknowledged.add(index);
    }
    const merged = await this.#ask("POST", "/merge", { ...named, total_chunks: count });
    return { ...merged, data: { ...merged.data, id: merged.data["url"] } };
  }

  async isIntact(): Promise<void> {
    if (!this.#isBegun) return;
    // A crash between the end of the upload and its entry in the library: the event of the file makes the entry.
    const { status, error, data } = await until(async () => {
      const answer = await this.#status();
      return answer.status === 404 ? undefined : answer;
    });
    assert.equal(status, 200, error);
    const arrived = data["finished_chunks"] as string[]; // The type of the contract.
    const isThere = [...this.#acknowledged].every((index) => arrived.includes(String(index)));
    assert.ok(data["status"] === "finished" || isThere, `chunks ${arrived.join()}`);
  }

  #status(): Promise<Answer> {
    return this.#person.ask("GET", `/status?file_hash=${this.#hash}`, { api: "/upload" });
  }

  #ask(method: string, path: string, body: object): Promise<Answer> {
    return this.#person.ask(method, path, { api: "/upload", body });
  }
}

/** Without sending it, by proof that one has what is stored already. */
export class ByProof implements Sending {
  readonly bytes: Buffer;
  readonly #person: Person;
  readonly #name: string;
  #id = 0;

  constructor(person: Person, name: string, stored: Buffer) {
    this.#person = person;
    this.#name = name;
    this.bytes = stored;
  }

  async goOn(): Promise<Answer> {
    const person = this.#person;
    if (this.#id > 0) {
      const seen = await person.ask("GET", `/upload/${this.#id}/status`);
      if (seen.status >= 300 || seen.data["status"] === "completed") return numbered(seen, "file_id");
    }
    // A challenge is good once: after a crash it takes another one of the same upload, which is found by its content.
    const body = { ...described(this), name: this.#name };
    const key = this.#id === 0 ? { key: `${this.#name} init` } : {};
    const begun = await person.ask("POST", "/upload/init", { ...key, body });
    if (begun.status >= 300) return begun;
    this.#id = (begun.data["upload"] as { id: number }).id; // The type of the contract, as below.
    const { nonce, ranges } = begun.data["challenge"] as {
      nonce: string;
      ranges: { offset: number; length: number }[];
    };
    const digests = ranges.map(({ offset, length }) =>
      sha256(Buffer.concat([Buffer.from(nonce, "hex"), this.bytes.subarray(offset, offset + length)])),
    );
    return numbered(await person.ask("POST", `/upload/${this.#id}/proof`, { body: { digests } }), "file_id");
  }

  async isIntact(): Promise<void> {}
}

const tus = { "tus-resumable": "1.0.0" };

export const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

const described = ({ bytes }: Sending) => ({
  name: "sent in parts",
  size: bytes.byteLength,
  sha256: sha256(bytes),
  purpose: "drive",
});

const partAt = (bytes: Buffer, index: number): Buffer => bytes.subarray(index * partBytes, (index + 1) * partBytes);

/** The same bytes for the same name, and others for any other, hardly ever as many. */
function bytesOf(name: string): Buffer {
  const key = createHash("sha256").update(name).digest();
  return createCipheriv("aes-256-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(sizeBytes + key.readUInt16BE()));
}

/** Every index of ranges as the contract has them. */
const indexesOf = (ranges: unknown): number[] =>
  (ranges as { first: number; last: number }[]).flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, n) => first + n),
  );

const numbered = (answer: Answer, field: string): Answer => ({
  ...answer,
  data: { ...answer.data, id: answer.data[field] },
});
