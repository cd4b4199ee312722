import type { Handlers, Host } from "#kernel";
import { media } from "#services/media/contract";
import type { video } from "../contract.ts";
import * as store from "../store.ts";

/** The stored files that strangers may download, because a public video shows them. */
export const createPublicFiles = ({
  db,
  client,
  call: newCall,
}: Pick<Host<store.Tables>, "db" | "client" | "call">): Pick<Handlers<typeof video>, "publicFiles"> => ({
  async publicFiles({ fileIds }, { traceId, signal }) {
    const { items } = await client(media).ofFiles({ fileIds }, newCall({ traceId, signal }));
    const open = await store.downloadable(
      db,
      items.map(({ mediaId }) => mediaId),
    );
    return { fileIds: items.filter(({ mediaId }) => open.has(mediaId)).map(({ fileId }) => fileId) };
  },
});
