import { type Db, KeptRows, rowsFor } from "#kernel";
import * as store from "./store.ts";

/** Of a video with what is made of it. */
const bytes = 8_000;

/** Videos that are kept by their versions: for lists alone. What is named is read (security S2.4). */
export const keptVideos = (db: Db<store.Tables>) =>
  new KeptRows(db, { versions: store.versions, rows: store.byIds }, rowsFor(bytes));
