import { videoMediaReplaced } from "#events/video";
import { captionsAdded, captionsRemoved } from "#events/media";
import type { FileCaptions } from "#events/transcoder";
import { type Call, type Handlers, type Host, type Id, on, type Tx } from "#kernel";
import { bytesOf } from "#kernel/blob/object-bytes";
import { CaptionsRejected, captionCharactersMax } from "#media/captions/cue";
import { type DecodedCaptions, decodeCaptions, decodedAs } from "#media/captions/charset";
import { type ParsedCaptions, parseCaptions } from "#media/captions/parse";
import { plainText } from "#media/captions/plain";
import { omissions as omissionTexts } from "#media/captions/report";
import { writeWebVtt } from "#media/captions/write";
import { languageName } from "#media/language";
import type { z } from "zod";
import { captionBatch, captionsOf, type CaptionsRow, deleteCaptions, insertCaptions } from "./caption-store.ts";
import {
  type Captions,
  CaptionsNotFound,
  type media,
  MediaNotFound,
  NoCaptionsForPictures,
  TooManyCaptions,
  UnknownCaptionEncoding,
  UnreadableCaptions,
} from "../contract.ts";
import * as objectStore from "../objects/object-store.ts";
import { storeObject } from "../objects/stored-object.ts";
import * as store from "../store.ts";

const languagesMax = 50;
/** The most captions that an answer names. */
const omissionsMax = 100;
/** As many bytes as the characters may have in UTF-8. */
const captionBytesMax = 4 * captionCharactersMax;

type CaptionHandlers = Pick<
  Handlers<typeof media>,
  "addCaptions" | "addCaptionFile" | "captions" | "removeCaptions" | "captionCues" | "captionBatch"
>;
interface OwnMedia {
  readonly mediaId: Id;
  readonly userId: Id;
}
interface NewCaptions {
  readonly language: string;
  readonly label?: string | undefined;
}

/** Captions as the owner of the media object sees them. */
const presentCaptions = ({ key: _, ...row }: CaptionsRow): Captions => row;

/** Rows of captions, added and deleted with the events that say so. */
const createCaptionRows = ({ emit }: Pick<Host<store.Tables>, "emit">) => ({
  /** Deletes a row, and the reference to its object unless another language has the same text. */
  async drop(tx: Tx<store.Tables>, mediaId: Id, { id, key }: CaptionsRow): Promise<void> {
    await deleteCaptions(tx, mediaId, id);
    await emit(tx, captionsRemoved, mediaId, { mediaId, captionsId: id });
    const isShared = (await captionsOf(tx, mediaId)).some((other) => other.key === key);
    if (!isShared) await objectStore.unrefer(tx, mediaId, key);
  },

  /** Adds a row, and publishes it. */
  async put(tx: Tx<store.Tables>, { mediaId, userId }: OwnMedia, row: CaptionsRow): Promise<void> {
    await insertCaptions(tx, mediaId, row);
    await emit(tx, captionsAdded, mediaId, { mediaId, userId, captionsId: row.id, language: row.language });
  },
});

/** The captions of media objects: rewritten as WebVTT, one object for each language. */
export interface MediaCaptions {
  /** @throws MediaNotFound, TooManyCaptions */
  readonly add: (mediaId: Id, captions: NewCaptions, cues: ParsedCaptions["cues"]) => Promise<CaptionsRow>;
  /** Copies the captions of one media object to another, save in languages which that has already. */
  readonly carryOver: (tx: Tx<store.Tables>, from: Id, to: Id) => Promise<void>;
  /** Adds the captions that were inside a file; captions its owner added in the same language stay. */
  readonly addFromFile: (
    tx: Tx<store.Tables>,
    media: OwnMedia,
    fileCaptions: readonly z.output<typeof FileCaptions>[],
  ) => Promise<void>;
  /** @throws CaptionsNotFound */
  readonly remove: (mediaId: Id, captionsId: Id) => Promise<void>;
}

export function createMediaCaptions({
  db,
  emit,
  blob,
  nextId,
  now,
}: Pick<Host<store.Tables>, "db" | "emit" | "blob" | "nextId" | "now">): MediaCaptions {
  const rows = createCaptionRows({ emit });

  return {
    async add(mediaId: Id, captions: NewCaptions, cues: ParsedCaptions["cues"]): Promise<CaptionsRow> {
      const [language = captions.language] = Intl.getCanonicalLocales(captions.language);
      const { key, sizeBytes } = await storeObject(blob, Buffer.from(writeWebVtt(cues)));
      const label = captions.label || languageName(language);
      return db.tx(async (tx) => {
        const lockedMedia = await store.lock(tx, mediaId);
        if (!lockedMedia) throw MediaNotFound({});
        const existing = await captionsOf(tx, mediaId);
        const before = existing.find((row) => row.language === language);
        // Unchanged captions keep their address.
        if (before?.key === key && before.label === label) return before;
        if (!before && existing.length >= languagesMax) throw TooManyCaptions({});
        if (before) await rows.drop(tx, mediaId, before);
        await objectStore.refer(tx, mediaId, [key]);
        const facts = { id: nextId(), language, label, cues: cues.length, key, sizeBytes, createdAtMs: now() };
        const row: CaptionsRow = { ...facts, source: "upload" };
        await rows.put(tx, { mediaId, userId: lockedMedia.userId }, row);
        return row;
      });
    },

    async carryOver(tx: Tx<store.Tables>, from: Id, to: Id): Promise<void> {
      // A hidden media object may have lost its stored objects already.
      const owners = new Map<Id, Id>();
      for (const id of [from, to].toSorted((a, b) => a - b)) {
        const lockedMedia = await store.lock(tx, id);
        if (!lockedMedia) return;
        owners.set(id, lockedMedia.userId);
      }
      const userId = owners.get(to) ?? 0;
      const languages = new Set((await captionsOf(tx, to)).map(({ language }) => language));
      for (const row of await captionsOf(tx, from)) {
        if (languages.has(row.language)) continue;
        await objectStore.refer(tx, to, [row.key]);
        await rows.put(tx, { mediaId: to, userId }, { ...row, id: nextId() });
      }
    },

    async addFromFile(
      tx: Tx<store.Tables>,
      { mediaId, userId }: OwnMedia,
      fileCaptions: readonly z.output<typeof FileCaptions>[],
    ): Promise<void> {
      const languages = new Set((await captionsOf(tx, mediaId)).map(({ language }) => language));
      for (const captions of fileCaptions) {
        if (languages.has(captions.language) || languages.size >= languagesMax) continue;
        languages.add(captions.language);
        await objectStore.refer(tx, mediaId, [captions.key]);
        await rows.put(tx, { mediaId, userId }, { ...captions, id: nextId(), createdAtMs: now(), source: "file" });
      }
    },

    async remove(mediaId: Id, captionsId: Id): Promise<void> {
      await db.tx(async (tx) => {
        await store.lock(tx, mediaId);
        const row = (await captionsOf(tx, mediaId)).find(({ id }) => id === captionsId);
        if (!row) throw CaptionsNotFound({});
        await rows.drop(tx, mediaId, row);
      });
    },
  };
}

/** The handlers by which owners manage the captions of their media objects. */
export const createCaptionHandlers = (
  { db, blob }: Pick<Host<store.Tables>, "db" | "blob">,
  captions: Pick<MediaCaptions, "add" | "remove">,
  ownMedia: (id: Id, call: Call) => Promise<store.Row>,
): CaptionHandlers => {
  const add = async (id: Id, added: NewCaptions, { text, ...decoded }: DecodedCaptions) => {
    const { cues, omissions } = parsedOf(text);
    return {
      ...presentCaptions(await captions.add(id, added, cues)),
      ...decoded,
      omissions: omissions
        .slice(0, omissionsMax)
        .map((omission) => ({ ...omission, message: omissionTexts[omission.code] })),
      omissionCount: omissions.length,
    };
  };
  const assertCaptionable = async (id: Id, call: Call): Promise<void> => {
    const { kind } = await ownMedia(id, call);
    if (kind === "image") throw NoCaptionsForPictures({});
  };
  return {
    async addCaptions({ id, text, ...added }, call) {
      await assertCaptionable(id, call);
      return add(id, added, { text, encoding: "utf-8", isGuess: false });
    },

    async addCaptionFile({ id, piece, encoding, ...added }, call) {
      await assertCaptionable(id, call);
      if (piece.sizeBytes > captionBytesMax) throw TooManyCaptions({});
      const bytes = Buffer.concat(await Array.fromAsync(blob.pieceBytes([piece])));
      const decoded = encoding === undefined ? decodeCaptions(bytes, added.language) : decodedAs(bytes, encoding);
      if (!decoded) throw UnknownCaptionEncoding({});
      const response = await add(id, added, decoded);
      await blob.drop([piece.name]);
      return response;
    },

    async captions({ id }, call) {
      await ownMedia(id, call);
      return { items: (await captionsOf(db, id)).map(presentCaptions) };
    },

    async removeCaptions({ id, captions: captionsId }, call) {
      await ownMedia(id, call);
      await captions.remove(id, captionsId);
      return {};
    },

    async captionCues({ mediaId, captionsId }) {
      const row = (await captionsOf(db, mediaId)).find(({ id }) => id === captionsId);
      const bytes = row && (await bytesOf(blob, row.key));
      if (!bytes) return { items: [] };
      const { cues } = parseCaptions(bytes.toString());
      return { items: cues.map(({ startMs, text }) => ({ startMs, text: plainText(text) })) };
    },

    captionBatch: async ({ after, limit }) => ({ items: await captionBatch(db, after, limit) }),
  };
};

/** The captions of a video go over to the media object that replaces its former one. */
export const captionSubscriptions = ({ carryOver }: Pick<MediaCaptions, "carryOver">) => [
  // Published before the release of the former media object, with the same key.
  on(videoMediaReplaced, (tx: Tx<store.Tables>, { mediaId, formerMediaId }) => carryOver(tx, formerMediaId, mediaId)),
];

/** @throws UnreadableCaptions, TooManyCaptions */
function parsedOf(text: string): ParsedCaptions {
  try {
    return parseCaptions(text);
  } catch (error) {
    if (!(error instanceof CaptionsRejected)) throw error;
    throw error.code === "captions.too_large" ? TooManyCaptions({}, error) : UnreadableCaptions({}, error);
  }
}
