/**
 * Makes a file durable bit by bit while the rest of it still arrives, so that the sync at its end finds little to
 * do. One sync at a time; after a failed one none follows, for a later success would say nothing of the
 * bytes that were lost (reliability D1).
 */
export class EarlySync {
  readonly #sync: () => Promise<void>;
  #running: Promise<void> | undefined;
  #failed: { readonly why: unknown } | undefined;

  constructor(sync: () => Promise<void>) {
    this.#sync = sync;
  }

  begin(): void {
    if (this.#running || this.#failed) return;
    this.#running = this.#sync()
      .catch((why: unknown) => {
        this.#failed = { why };
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Settles when nothing runs any more. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Settles when everything written before this call is durable; throws what the first failed sync did. */
  async whole(): Promise<void> {
    await this.#running;
    this.begin();
    await this.#running;
    if (this.#failed) throw this.#failed.why;
  }
}
