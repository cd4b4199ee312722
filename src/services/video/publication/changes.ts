import type { Visibility } from "#events/video";
import { hasTerm } from "#policy/gate";
import { Gate, treeOf } from "#policy/gates/fields";
import { GateMissing, GatePasswordMissing } from "#policy/gates/failures";
import type { z } from "zod";
import { PasswordMissing, type video } from "../contract.ts";
import type { Cover } from "../media/covers.ts";
import type { Row, VideoChanges } from "../store.ts";

type Update = Omit<
  z.output<(typeof video)["methods"]["update"]["input"]>,
  "id" | "coverUrl" | "password" | "gatePassword"
> & {
  readonly cover?: Cover | undefined;
  readonly passwordHash?: string | undefined;
};
type Changes = Partial<
  Pick<
    VideoChanges,
    | "title"
    | "description"
    | "cover_url"
    | "cover_media_id"
    | "category_id"
    | "tags"
    | "hashtags"
    | "visibility"
    | "password_hash"
    | "gate"
    | "teaser"
    | "publish_at_ms"
    | "allow_comment"
    | "allow_download"
  >
>;

/** `visibility` where it is present, else what the older `is_public` means. */
export const visibilityOf = ({
  visibility,
  isPublic,
}: {
  visibility?: Visibility | undefined;
  isPublic?: boolean | undefined;
}): Visibility | undefined => visibility ?? (isPublic === undefined ? undefined : isPublic ? "public" : "private");

/** The password and the gate that protect a video beside its visibility. */
interface Protection {
  readonly passwordHash: string | null;
  readonly gate: Gate | null;
}
const unprotected: Protection = { passwordHash: null, gate: null };

/**
 * The password and the gate that go with a visibility: `password` needs the one, `gated` the other, and a gate may have a
 * password among its terms. No other visibility has any. A field that is absent stays, unless the visibility changes.
 * @throws PasswordMissing, GateMissing, GatePasswordMissing
 */
export function protectionFor(
  visibility: Visibility,
  named: { readonly [Name in keyof Protection]?: NonNullable<Protection[Name]> | undefined },
  before: Protection & { readonly visibility?: Visibility } = unprotected,
): Protection {
  const { passwordHash, gate } = before.visibility === visibility ? before : unprotected;
  if (visibility === "password") {
    const hash = named.passwordHash ?? passwordHash;
    if (hash === null) throw PasswordMissing({});
    return { ...unprotected, passwordHash: hash };
  }
  if (visibility !== "gated") return unprotected;
  const tree = named.gate ?? gate;
  if (tree === null) throw GateMissing({});
  if (!hasTerm(treeOf(tree), "password")) return { passwordHash: null, gate: tree };
  const hash = named.passwordHash ?? passwordHash;
  if (hash === null) throw GatePasswordMissing({});
  return { passwordHash: hash, gate: tree };
}

/** The text of a gate in the table, with its fields in the order of the schema. */
export const gateText = (gate: Gate | null): string | null => gate && JSON.stringify(Gate.parse(gate));

/** A column, the name that events have for it, its new value (undefined where it stays) and its value before. */
type Change = readonly [column: keyof Changes, name: string, to: unknown, from: unknown];

/** The changes of an update, as columns and as the names of events; unchanged fields are in neither. Pure. */
export function changesOf(
  before: Row,
  { isPublic, visibility, passwordHash, ...update }: Update,
): { changes: Changes; changed: string[] } {
  const newVisibility = visibilityOf({ visibility, isPublic: isPublicChange(before, isPublic) }) ?? before.visibility;
  const protection = protectionFor(newVisibility, { passwordHash, gate: update.gate }, before);
  const teaser = newVisibility === "gated" ? update.teaser : "none";
  const publishAtMs = update.draft ? null : update.publishAtMs;
  // A field of the contract that is missing here is a type error.
  const byField: { readonly [F in keyof Required<Update>]: readonly Change[] } = {
    title: [["title", "title", update.title, before.title]],
    description: [["description", "description", update.description, before.description]],
    cover: [
      ["cover_url", "coverUrl", update.cover?.url, before.coverUrl],
      ["cover_media_id", "coverUrl", update.cover?.mediaId, before.coverMediaId],
    ],
    categoryId: [["category_id", "categoryId", update.categoryId, before.categoryId]],
    tags: [["tags", "tags", update.tags, before.tags]],
    hashtags: [["hashtags", "hashtags", update.hashtags, before.hashtags]],
    publishAtMs: [["publish_at_ms", "publishAt", publishAtMs, before.publishAtMs]],
    draft: [],
    allowComment: [["allow_comment", "allowComment", update.allowComment, before.allowComment]],
    allowDownload: [["allow_download", "allowDownload", update.allowDownload, before.allowDownload]],
    visibility: [["visibility", "visibility", newVisibility, before.visibility]],
    isPublic: [],
    passwordHash: [["password_hash", "password", protection.passwordHash, before.passwordHash]],
    gate: [["gate", "gate", gateText(protection.gate), gateText(before.gate)]],
    teaser: [["teaser", "teaser", teaser, before.teaser]],
  };
  const different = Object.values(byField)
    .flat()
    .filter(([, , to, from]) => to !== undefined && JSON.stringify(to) !== JSON.stringify(from));
  return {
    // Column and value come from one row of the table above, whose types the contract and the table share.
    changes: Object.fromEntries(different.map(([column, , to]) => [column, to])),
    changed: [...new Set(different.map(([, name]) => name))],
  };
}

/** `is_public: false` leaves an unlisted video as it is; it must not make it private. */
const isPublicChange = ({ visibility }: Row, isPublic: boolean | undefined): boolean | undefined =>
  isPublic === (visibility === "public") ? undefined : isPublic;
