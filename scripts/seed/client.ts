const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The password of every account that is made. */
export const password = "kinora-demo-2026";

/** The operator is informed once that the server limits requests. */
export interface Limited {
  warn(): void;
}

/** A user of the public API. */
export class Visitor {
  readonly #url: string;
  readonly #limited: Limited;
  #token = "";
  userId = 0;

  constructor(url: string, limited: Limited) {
    this.#url = url;
    this.#limited = limited;
  }

  /** Registers, or signs in where the account is there. */
  async enter(username: string, nickname: string): Promise<void> {
    const body = { username, password };
    const registration = await this.#send("POST", "/users/register", { ...body, nickname });
    const { user_id: userId, token } = registration.ok
      ? await registration.read()
      : await this.ask("POST", "/users/login", body);
    this.userId = Number(userId);
    this.#token = String(token);
  }

  /** The answer of the server. @throws Error with its reason. */
  async ask(method: string, path: string, body: object | FormData = {}): Promise<Record<string, unknown>> {
    const answer = await this.#send(method, path, body);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.reason()}`);
    return answer.read();
  }

  async #send(method: string, path: string, body: object | FormData) {
    for (;;) {
      const isForm = body instanceof FormData;
      const response = await fetch(`${this.#url}/api/v1${path}`, {
        method,
        headers: {
          ...(this.#token !== "" && { authorization: `Bearer ${this.#token}` }),
          ...(!isForm && method !== "GET" && { "content-type": "application/json" }),
        },
        ...(method !== "GET" && { body: isForm ? body : JSON.stringify(body) }),
      });
      if (response.status !== 429) {
        const read = async () => ((await response.json()) as { data?: object; message?: string }) ?? {}; // The envelope.
        return {
          ok: response.ok,
          status: response.status,
          read: async () => ((await read()).data ?? {}) as Record<string, unknown>,
          reason: async () => (await read()).message ?? "",
        };
      }
      await response.body?.cancel();
      this.#limited.warn();
      await sleep(1_000 * Number(response.headers.get("retry-after") ?? 1));
    }
  }
}
