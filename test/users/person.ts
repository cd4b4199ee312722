import { Agent, request } from "node:http";
import { randomUUID } from "node:crypto";

export interface Answer {
  readonly status: number;
  /** The stable error code of a refusal; empty otherwise. */
  readonly error: string;
  readonly message: string;
  readonly data: Record<string, unknown>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

interface Asked {
  readonly key?: string | undefined;
  readonly body?: object | undefined;
  readonly raw?: { readonly type: string; readonly bytes: Buffer };
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** The prefix of its path: other APIs have other envelopes, whose fields stand beside each other. */
  readonly api?: string;
}

/** The envelope of every answer; that of a tus request has none. */
interface Envelope extends Readonly<Record<string, unknown>> {
  readonly message?: string;
  readonly error?: string;
  readonly data?: Answer["data"] | null;
}

/** The connection ended before the answer did: whether the request was handled is unknown. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
}

/** A user with an account, who repeats unanswered requests and remembers answered ones. */
export class Person {
  readonly username: string;
  readonly password = "blue bicycle";
  /** The address of the server; its port stays the same over restarts. */
  url: string;
  #token = "";
  /** A connection of a server that died must not be used again. */
  #agent: Agent;

  constructor(url: string, username = `p${randomUUID().slice(0, 12)}`, agent = new Agent({ keepAlive: true })) {
    this.url = url;
    this.username = username;
    this.#agent = agent;
  }

  /** Makes the account, or signs in where that was done before and only the answer was lost. */
  async signUp(): Promise<void> {
    const response = await patiently(() => this.ask("POST", "/users/register", { body: this.#account() }));
    if (response.error === "auth.name_taken") return this.signIn();
    this.#keep(response, 201);
  }

  async signIn(): Promise<void> {
    this.#keep(await patiently(() => this.ask("POST", "/users/login", { body: this.#account() })), 200);
  }

  /** True if the account is there. */
  async isKnown(): Promise<boolean> {
    const { status } = await this.ask("POST", "/users/login", { body: this.#account() });
    return status < 300;
  }

  /** @throws Unanswered when the answer did not come whole. */
  ask(method: string, path: string, { key, body, raw, signal, headers, api = "/api/v1" }: Asked = {}): Promise<Answer> {
    const bytes = raw?.bytes ?? (body && Buffer.from(JSON.stringify(body)));
    const type = raw?.type ?? "application/json";
    return new Promise((resolve, reject) => {
      const lost = (cause: unknown) => reject(new Unanswered(`${method} ${path}`, { cause }));
      const asking = request(
        `${this.url}${api}${path}`,
        {
          method,
          agent: this.#agent,
          ...(signal && { signal }),
          headers: {
            ...(this.#token !== "" && { authorization: `Bearer ${this.#token}` }),
            ...(key !== undefined && { "idempotency-key": key }),
            ...(bytes && { "content-type": type, "content-length": bytes.byteLength }),
            ...headers,
          },
        },
        (answer) => {
          let text = "";
          answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          answer.on("error", lost);
          answer.on("end", () => {
            if (!answer.complete) return lost(new Error("the answer was cut"));
            try {
              const { message = "", error = "", data, ...rest } = (text === "" ? {} : JSON.parse(text)) as Envelope;
              const answered = data ?? (api === "/api/v1" ? {} : rest);
              resolve({ status: answer.statusCode ?? 0, error, message, data: answered, headers: answer.headers });
            } catch (cause) {
              reject(new Error(`${method} ${path} answered ${answer.statusCode}: ${text.slice(0, 300)}`, { cause }));
            }
          });
        },
      );
      asking.on("error", lost);
      asking.end(bytes);
    });
  }

  /** As {@link ask}, where only success will do. */
  async get(path: string): Promise<Record<string, unknown>> {
    const { status, data, error } = await this.ask("GET", path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${error}`);
    return data;
  }

  /** Sends a file as the web app does. */
  upload(clip: Buffer, key?: string, name = "clip.mp4"): Promise<Answer> {
    return this.ask("POST", "/media/upload", { key, raw: formOf(clip, { purpose: "video" }, name) });
  }

  /** Keeps a file of any content, of which nothing is made. */
  keep(bytes: Buffer, name: string): Promise<Answer> {
    const path = `/upload?name=${encodeURIComponent(name)}&purpose=drive&conflict=rename`;
    return this.ask("POST", path, { raw: { type: "application/octet-stream", bytes } });
  }

  get token(): string {
    return this.#token;
  }

  hangUp(): void {
    this.#agent.destroy();
    this.#agent = new Agent({ keepAlive: true });
  }

  #account() {
    return { username: this.username, password: this.password };
  }

  #keep({ status, data, error }: Answer, ...good: number[]): void {
    if (!good.includes(status) && status !== 200)
      throw new Error(`${this.username} cannot sign in: ${status} ${error}`);
    this.#token = String(data["token"]);
  }
}

const patienceMs = 60_000;

/** Asks again, as a careful client does, while the server says that it cannot do it now (503), but not for ever. */
export async function patiently(ask: () => Promise<Answer>, isOver: () => boolean = () => false): Promise<Answer> {
  for (const patientUntil = performance.now() + patienceMs; ; ) {
    const answer = await ask();
    if (answer.status !== 503 || isOver() || performance.now() > patientUntil) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** A multipart form with one file, as bytes (RFC 7578). */
export function formOf(file: Buffer, fields: Readonly<Record<string, string>>, name = "clip.mp4", of = "file") {
  const boundary = `kinora-${randomUUID()}`;
  const parts = Object.entries(fields).map(
    ([field, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="${of}"; filename="${name}"\r\ncontent-type: video/mp4\r\n\r\n`;
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([Buffer.from(parts.join("") + head), file, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}
