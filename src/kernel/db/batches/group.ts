import { AsyncLocalStorage } from "node:async_hooks";
import type { Tx } from "../transaction.ts";
import { Commits, commitsUnderWay, recordCommits } from "../positions.ts";
import type { Db } from "../port.ts";

interface Waiting<In, Out> {
  readonly item: In;
  /** The record of the commits for its call. */
  readonly commits: Commits | undefined;
  readonly resolve: (out: Out) => void;
  readonly reject: (error: unknown) => void;
}

interface Sizes {
  /** Items one transaction takes at most. */
  readonly itemsMax?: number;
  /** Transactions under way at once. */
  readonly lanes?: number;
}

/**
 * Group commit: what many callers want to write at once is one transaction, so that they share its round trips and its
 * fsync. No write waits for company: one that comes while nothing is under way is written immediately, and those that
 * come meanwhile are the next transaction. Each caller is answered after the commit of its own.
 */
export class Group<Tables, In, Out> {
  readonly #db: Db<Tables>;
  readonly #write: (tx: Tx<Tables>, items: readonly In[]) => Promise<readonly Out[]>;
  readonly #itemsMax: number;
  readonly #lanes: number;
  // A transaction serves many callers and belongs to none of them.
  readonly #aside = AsyncLocalStorage.snapshot();
  #waiting: Waiting<In, Out>[] = [];
  #underway = 0;

  /** @param write yields one answer per item, in their order; what it throws for several, each of them is tried alone. */
  constructor(
    db: Db<Tables>,
    write: (tx: Tx<Tables>, items: readonly In[]) => Promise<readonly Out[]>,
    { itemsMax = 256, lanes = 2 }: Sizes = {},
  ) {
    this.#db = db;
    this.#write = write;
    this.#itemsMax = itemsMax;
    this.#lanes = lanes;
  }

  /** Settles when the item is durable. */
  async add(item: In): Promise<Out> {
    return new Promise<Out>((resolve, reject) => {
      this.#waiting.push({ item, commits: commitsUnderWay(), resolve, reject });
      if (this.#underway < this.#lanes) this.#aside(() => void this.#run());
    });
  }

  async #run(): Promise<void> {
    this.#underway++;
    try {
      // Callers of the same turn of the loop come together.
      await Promise.resolve();
      for (let batch = this.#take(); batch.length > 0; batch = this.#take()) await this.#commit(batch);
    } finally {
      this.#underway--;
    }
  }

  #take(): Waiting<In, Out>[] {
    return this.#waiting.splice(0, this.#itemsMax);
  }

  async #commit(batch: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const answers = await this.#writeAll(batch);
      for (const [place, { resolve }] of batch.entries()) resolve(answers[place] as Out); // One per item.
    } catch (error) {
      const [only, ...further] = batch;
      if (only && further.length === 0) only.reject(error);
      else
        await Promise.all(
          batch.map((entry) => this.#writeAll([entry]).then(([answer]) => entry.resolve(answer as Out), entry.reject)), // One per item.
        );
    }
  }

  #writeAll(batch: readonly Waiting<In, Out>[]): Promise<readonly Out[]> {
    const items = batch.map(({ item }) => item);
    const write = () => this.#db.tx((tx) => this.#write(tx, items));
    return batch.some(({ commits }) => commits) ? this.#recordCommits(batch, write) : write();
  }

  /** One commit serves every caller of the batch. */
  async #recordCommits<R>(batch: readonly Waiting<In, Out>[], write: () => Promise<R>): Promise<R> {
    const joint = new Commits();
    try {
      return await recordCommits(joint, write);
    } finally {
      for (const { commits } of batch) commits?.add(joint);
    }
  }
}
