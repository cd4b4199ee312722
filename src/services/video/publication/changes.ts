import type { Visibility } from "#events/video";
import { gateText, protectionFor } from "#policy/gates/protection";
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

/** A column, the name that events have for it, its new value (undefined where it stays) and its value before. */
type Change = readonly [column: keyof Changes, name: string, to: unknown, from: unknown];

/** The changes of an update, as columns and as the names of events; unchanged fields are in neither. Pure. */
export function changesOf(
  before: Row,
  { isPublic, visibility, passwordHash, ...update }: Update,
): { changes: Changes; changed: string[] } {
  const newVisibility = visibilityOf({ visibility, isPublic: isPublicChange(before, isPublic) }) ?? before.visibility;
  const { gate, teaser } = update;
  const protection = protectionFor({
    visibility: newVisibility,
    named: { passwordHash, gate, teaser },
    before,
    passwordMissing: () => PasswordMissing({}),
  });
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
    teaser: [["teaser", "teaser", protection.teaser, before.teaser]],
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
