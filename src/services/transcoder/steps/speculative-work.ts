/**
 * Work begun on what a file's headers claim while its packets are still counted. Nearly always they are true, and
 * the file is playable a fifth of a second sooner; packets that say otherwise make the work worthless and nothing else.
 */
export class SpeculativeWork implements AsyncDisposable {
  readonly #givenUp = new AbortController();
  #begun: { readonly args: readonly string[]; readonly running: Promise<void> } | undefined;

  begin(args: readonly string[], run: (givenUp: AbortSignal) => Promise<void>): void {
    const running = run(this.#givenUp.signal);
    // It may fail before anybody asks how it ended.
    running.catch(() => undefined);
    this.#begun = { args, running };
  }

  /** Settles with whether just these arguments were run to their end; a run with others is given up. */
  async endedWith(args: readonly string[]): Promise<boolean> {
    const begun = this.#begun;
    if (begun?.args.length === args.length && begun.args.every((arg, n) => arg === args[n])) {
      await begun.running;
      return true;
    }
    await this[Symbol.asyncDispose]();
    return false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#givenUp.abort();
    await this.#begun?.running.catch(() => undefined);
  }
}
