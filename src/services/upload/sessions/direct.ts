import { MissingChunks } from "../contract.ts";
import type { UploadHost } from "../settings.ts";
import * as pieceStore from "./piece-store.ts";
import * as sessionStore from "./session-store.ts";

const lifeMs = 24 * 3_600_000;
const mark = "direct:";

interface Direct {
  /** The address for the whole file; undefined if clients cannot reach the store. */
  address(sizeBytes: number): Promise<Address | undefined>;
  /** Stores the row of a piece that a client sent to the store itself. @throws MissingChunks while it is not there */
  storeArrived(row: sessionStore.SessionRow): Promise<void>;
}
interface Address {
  /** The metadata that the session stores about the address. */
  readonly metadata: string;
  readonly request: { method: string; url: string; headers: { name: string; value: string }[] };
}

/** Uploads whose bytes go to the store without passing us. Nothing of them is believed before it was read. */
export const createDirectUploads = ({ db, blob }: UploadHost): Direct => ({
  async address(sizeBytes) {
    const target = await blob.directPiece?.(sizeBytes, lifeMs);
    if (!target) return undefined;
    const { method, url, headers } = target.request;
    return {
      metadata: mark + target.name,
      request: { method, url, headers: Object.entries(headers).map(([name, value]) => ({ name, value })) },
    };
  },

  async storeArrived({ id, metadata, sizeBytes, receivedBytes, state }) {
    const name = metadata?.startsWith(mark) ? metadata.slice(mark.length) : undefined;
    if (name === undefined || state !== "open" || receivedBytes > 0) return;
    const storedBytes = await blob.salvage(name);
    if (storedBytes === undefined || storedBytes !== sizeBytes)
      throw MissingChunks({ missing: [{ first: 0, last: 0 }] });
    await db.tx(async (tx) => {
      await pieceStore.setPiece(tx, { session_id: id, position: 0, name, size_bytes: storedBytes, sha256: null });
      await sessionStore.setAmounts(tx, id, { received_bytes: storedBytes });
    });
  },
});
