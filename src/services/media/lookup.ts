import { type Call, Gather, type Handlers, type Host, type Id, inOrderOf } from "#kernel";
import { captionsOf } from "./captions/caption-store.ts";
import { type Media, type media, MediaNotFound } from "./contract.ts";
import { pictureMime } from "./objects/pictures.ts";
import { isPublicPurpose } from "./objects/purposes.ts";
import { presentBrief, presentMedia, presentPlayable } from "./presenter.ts";
import * as store from "./store.ts";
import * as outputStore from "./transcoding/output-store.ts";

type LookupHandlers = Pick<
  Handlers<typeof media>,
  "get" | "playable" | "briefs" | "picture" | "ofContent" | "ofFiles" | "original" | "source"
>;

/** Media objects by their id or content, for their owners and for other services. */
export function createMediaLookup({ db }: Pick<Host<store.Tables>, "db">) {
  const briefs = new Gather(db, async (reader, ids: readonly Id[]) =>
    inOrderOf(ids, await store.briefs(reader, ids), ({ id }) => id),
  );

  /** @throws MediaNotFound */
  async function ownMedia(id: Id, { userId }: Call): Promise<store.Row> {
    const row = await store.byId(db, id);
    if (!row || row.userId !== userId) throw MediaNotFound({});
    return row;
  }

  const withRenditions = async (row: store.Row): Promise<Media> =>
    presentMedia(row, await outputStore.renditions(db, row.id));

  const handlers: LookupHandlers = {
    get: async ({ id }, call) => withRenditions(await ownMedia(id, call)),

    playable: ({ id, evenHidden }) =>
      db.moment(async (reader) => {
        const row = await (evenHidden ? store.everById(reader, id) : store.byId(reader, id));
        if (!row) throw MediaNotFound({});
        const renditions = await outputStore.renditions(reader, id);
        const files = await outputStore.extras(reader, [id]);
        const captions = await captionsOf(reader, id);
        const otherSounds = await outputStore.otherSounds(reader, id);
        const former = await outputStore.formerRenditions(reader, id);
        return presentPlayable(row, renditions, files, captions, otherSounds, former);
      }),

    async briefs({ ids }) {
      return { items: (await briefs.all(ids)).flatMap((row) => (row ? [presentBrief(row)] : [])) };
    },

    async picture({ id }, { userId }) {
      const row = await store.byId(db, id);
      const { pictureKey: key, pictureBytes: sizeBytes } = row ?? {};
      if (!row || !key || !sizeBytes) throw MediaNotFound({});
      const isPublic = isPublicPurpose(row.purpose);
      if (!isPublic && row.userId !== userId) throw MediaNotFound({});
      return { key, sizeBytes, mime: pictureMime, isPublic };
    },

    async ofContent({ sha256 }, { userId }) {
      const row = userId === undefined ? undefined : await store.ofContent(db, userId, sha256);
      if (!row) throw MediaNotFound({});
      return withRenditions(row);
    },

    ofFiles: async ({ fileIds }) => ({ items: await store.ofFiles(db, fileIds) }),

    original: async ({ id }, call) => ({ fileId: (await ownMedia(id, call)).fileId }),

    async source({ id }) {
      const row = await store.byId(db, id);
      if (!row || row.kind === "image") throw MediaNotFound({});
      const { userId, sourceKey: key, sizeBytes, mime, name } = row;
      return { mediaId: id, userId, key, sizeBytes, mime, name };
    },
  };

  return { handlers, ownMedia, withRenditions };
}
