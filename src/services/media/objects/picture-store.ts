import type { Id, Tx } from "#kernel";
import type { Stored, Tables } from "../store.ts";
import type { Media } from "../contract.ts";
import { refer } from "./object-store.ts";

export async function repurpose(
  tx: Tx<Tables>,
  id: Id,
  purpose: Media["purpose"],
  { key, sizeBytes, width, height }: Stored & { readonly width: number; readonly height: number },
): Promise<void> {
  await refer(tx, id, [key]);
  await tx
    .updateTable("media.media as media")
    .set({ purpose, picture_key: key, picture_bytes: sizeBytes, width, height })
    .where("id", "=", id)
    .where("purpose", "=", "picture")
    .execute();
}
