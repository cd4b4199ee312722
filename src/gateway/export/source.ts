import { type BlobStore, type Call, type Id, newCall } from "#kernel";
import type { ClientOf } from "../client-of.ts";
import type { ViewContext } from "../rest/view.ts";

/** How long one question to a service may take; the export as a whole may take longer. */
const waitMs = 30_000;
const pageSize = 100;

interface Cursor {
  readonly limit: number;
  readonly cursor?: string;
}

/** The data of one user, read through the services' contracts. */
export class ExportSource {
  readonly userId: Id;
  readonly client: ClientOf;
  readonly blob: BlobStore;
  /** The public origin, for addresses. */
  readonly base: string;
  readonly #call: Call;

  constructor(parts: { client: ClientOf; blob: BlobStore; base: string; call: Call; userId: Id }) {
    const { client, blob, base, call, userId } = parts;
    this.client = client;
    this.blob = blob;
    this.base = base;
    this.userId = userId;
    this.#call = call;
  }

  /** A call of the user whose data it is, with a deadline of its own. */
  call(): Call {
    const { traceId, role } = this.#call;
    return newCall({ traceId, userId: this.userId, waitMs, ...(role && { role }) });
  }

  /** For views. A part that is missing would make the export wrong, so it ends it. */
  view(): ViewContext {
    return {
      client: this.client,
      call: this.call(),
      reportDegraded(part, error) {
        throw new Error(`${part} could not be exported`, { cause: error });
      },
    };
  }

  /** A paged list, one page in memory at a time. */
  async *pages<Row>(
    ask: (page: Cursor, call: Call) => Promise<{ items: readonly Row[]; next: string | null }>,
  ): AsyncGenerator<readonly Row[]> {
    for (let cursor: string | undefined; ; ) {
      const { items, next } = await ask({ limit: pageSize, ...(cursor !== undefined && { cursor }) }, this.call());
      yield items;
      if (next === null) return;
      cursor = next;
    }
  }

  /** The rows of a paged list. */
  async *rows<Row>(
    ask: (page: Cursor, call: Call) => Promise<{ items: readonly Row[]; next: string | null }>,
  ): AsyncGenerator<Row> {
    for await (const items of this.pages(ask)) yield* items;
  }
}
