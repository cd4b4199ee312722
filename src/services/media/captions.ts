import type { BlobStore, Db, Host, Id, Tx } from "#kernel";
import { CaptionsRejected, type Cue } from "#media/captions/cue";
import { parseCaptions } from "#media/captions/parse";
import { writeWebVtt } from "#media/captions/write";
import { languageName } from "#media/language";
import type { z } from "zod";
import { captionsOf, type CaptionsRow, deleteCaptions, insertCaptions } from "./caption-store.ts";
import {
  type Captions,
  CaptionsNotFound,
  captionsRemoved,
  type FileCaptions,
  MediaNotFound,
  TooManyCaptions,
  UnreadableCaptions,
} from "./contract.ts";
import { storedObject } from "./objects.ts";
import * as objectStore from "./object-store.ts";
import * as store from "./store.ts";

const languagesMax = 50;

interface Given {
  readonly language: string;
  readonly label?: string | undefined;
  readonly text: string;
}
interface CaptionsHost {
  readonly db: Db<store.Tables>;
  readonly emit: Host["emit"];
  readonly blob: BlobStore;
  readonly nextId: () => Id;
  readonly now: () => number;
}

/** What its owner sees of captions. */
export const shownCaptions = ({ key: _, ...row }: CaptionsRow): Captions => row;

/** The captions of media objects: written anew as WebVTT, one object per language, kept for as long as they are named. */
export function captioning({ db, emit, blob, nextId, now }: CaptionsHost) {
  /** Deletes a row, and lets go of its object unless another language has the same. */
  async function drop(tx: Tx<store.Tables>, mediaId: Id, { id, key }: CaptionsRow): Promise<void> {
    await deleteCaptions(tx, mediaId, id);
    await emit(tx, captionsRemoved, mediaId, { mediaId, captionsId: id });
    const isShared = (await captionsOf(tx, mediaId)).some((other) => other.key === key);
    if (!isShared) await objectStore.unrefer(tx, mediaId, key);
  }

  return {
    /** @throws MediaNotFound, UnreadableCaptions, TooManyCaptions */
    async add(mediaId: Id, given: Given): Promise<CaptionsRow> {
      const [language = given.language] = Intl.getCanonicalLocales(given.language);
      const cues = cuesOf(given.text);
      const { key, sizeBytes } = await storedObject(blob, Buffer.from(writeWebVtt(cues)));
      const label = given.label || languageName(language);
      return db.tx(async (tx) => {
        if (!(await store.lock(tx, mediaId))) throw MediaNotFound({});
        const known = await captionsOf(tx, mediaId);
        const before = known.find((row) => row.language === language);
        // The same again keeps its address.
        if (before?.key === key && before.label === label) return before;
        if (!before && known.length >= languagesMax) throw TooManyCaptions({});
        if (before) await drop(tx, mediaId, before);
        await objectStore.refer(tx, mediaId, [key]);
        const facts = { id: nextId(), language, label, cues: cues.length, key, sizeBytes, createdAtMs: now() };
        const row: CaptionsRow = { ...facts, source: "upload" };
        await insertCaptions(tx, mediaId, row);
        return row;
      });
    },

    /** Gives one media object the captions another has in languages of which it has none. */
    async carryOver(tx: Tx<store.Tables>, from: Id, to: Id): Promise<void> {
      // What is hidden may have lost its objects already.
      for (const id of [from, to].toSorted((a, b) => a - b)) if (!(await store.lock(tx, id))) return;
      const known = new Set((await captionsOf(tx, to)).map(({ language }) => language));
      for (const row of await captionsOf(tx, from)) {
        if (known.has(row.language)) continue;
        await objectStore.refer(tx, to, [row.key]);
        await insertCaptions(tx, to, { ...row, id: nextId() });
      }
    },

    /** Notes what was inside a file; what its owner added in the same language stays. */
    async keep(tx: Tx<store.Tables>, mediaId: Id, found: readonly z.output<typeof FileCaptions>[]): Promise<void> {
      const known = new Set((await captionsOf(tx, mediaId)).map(({ language }) => language));
      for (const captions of found) {
        if (known.has(captions.language) || known.size >= languagesMax) continue;
        known.add(captions.language);
        await objectStore.refer(tx, mediaId, [captions.key]);
        await insertCaptions(tx, mediaId, { ...captions, id: nextId(), createdAtMs: now(), source: "file" });
      }
    },

    /** @throws CaptionsNotFound */
    async remove(mediaId: Id, captionsId: Id): Promise<void> {
      await db.tx(async (tx) => {
        await store.lock(tx, mediaId);
        const row = (await captionsOf(tx, mediaId)).find(({ id }) => id === captionsId);
        if (!row) throw CaptionsNotFound({});
        await drop(tx, mediaId, row);
      });
    },
  };
}

function cuesOf(text: string): Cue[] {
  try {
    return parseCaptions(text);
  } catch (error) {
    if (!(error instanceof CaptionsRejected)) throw error;
    throw error.code === "captions.too_large" ? TooManyCaptions({}, error) : UnreadableCaptions({}, error);
  }
}
