/** 128 random bits. `randomUUID` exists on secure origins only. */
export const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * A request that a user sends from a form. Until the server has taken it, the same words are sent under the same key. A
 * second press after a lost answer therefore does nothing twice.
 */
export class Attempt<Body> {
  #last: { readonly words: string; readonly body: Body; readonly idempotencyKey: string } | null = null;

  of(words: string, make: () => Body): { readonly body: Body; readonly idempotencyKey: string } {
    if (this.#last?.words !== words) this.#last = { words, body: make(), idempotencyKey: randomKey() };
    const { body, idempotencyKey } = this.#last;
    return { body, idempotencyKey };
  }

  finish(): void {
    this.#last = null;
  }
}
