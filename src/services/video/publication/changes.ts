import type { z } from "zod";
import { PasswordMissing, type Visibility, type video } from "../contract.ts";
import type { Cover } from "../media/covers.ts";
import type { Row, Tables } from "../store.ts";

type Given = Omit<z.output<(typeof video)["methods"]["update"]["input"]>, "id" | "coverUrl" | "password"> & {
  readonly cover?: Cover | undefined;
  readonly passwordHash?: string | undefined;
};
type Changes = Partial<
  Pick<
    Tables["video.videos"],
    | "title"
    | "description"
    | "cover_url"
    | "cover_media_id"
    | "category_id"
    | "tags"
    | "hashtags"
    | "visibility"
    | "password_hash"
    | "publish_at_ms"
    | "allow_comment"
    | "allow_download"
  >
>;

/** `visibility` where it is said, else what the older `is_public` means. */
export const visibilityOf = ({
  visibility,
  isPublic,
}: {
  visibility?: Visibility | undefined;
  isPublic?: boolean | undefined;
}): Visibility | undefined => visibility ?? (isPublic === undefined ? undefined : isPublic ? "public" : "private");

/** The hash that goes with a visibility: only one video has a password, and then it must. @throws PasswordMissing */
export function passwordHashFor(
  visibility: Visibility,
  given: string | undefined,
  before: string | null,
): string | null {
  if (visibility !== "password") return null;
  const hash = given ?? before;
  if (hash === null) throw PasswordMissing({});
  return hash;
}

/** A column, the name that events have for it, its new value (undefined where it stays) and its value before. */
type Change = readonly [column: keyof Changes, name: string, to: unknown, from: unknown];

/** What an update changes, as columns and as the names events tell; what stays as it is is in neither. Pure. */
export function changesOf(
  before: Row,
  { isPublic, visibility, passwordHash, ...given }: Given,
): { changes: Changes; changed: string[] } {
  const shownTo = visibilityOf({ visibility, isPublic: isPublicChange(before, isPublic) }) ?? before.visibility;
  const hash = passwordHashFor(shownTo, passwordHash, before.passwordHash);
  const publishAtMs = given.draft ? null : given.publishAtMs;
  // A field of the contract that is missing here is a type error.
  const byField: { readonly [F in keyof Required<Given>]: readonly Change[] } = {
    title: [["title", "title", given.title, before.title]],
    description: [["description", "description", given.description, before.description]],
    cover: [
      ["cover_url", "coverUrl", given.cover?.url, before.coverUrl],
      ["cover_media_id", "coverUrl", given.cover?.mediaId, before.coverMediaId],
    ],
    categoryId: [["category_id", "categoryId", given.categoryId, before.categoryId]],
    tags: [["tags", "tags", given.tags, before.tags]],
    hashtags: [["hashtags", "hashtags", given.hashtags, before.hashtags]],
    publishAtMs: [["publish_at_ms", "publishAt", publishAtMs, before.publishAtMs]],
    draft: [],
    allowComment: [["allow_comment", "allowComment", given.allowComment, before.allowComment]],
    allowDownload: [["allow_download", "allowDownload", given.allowDownload, before.allowDownload]],
    visibility: [["visibility", "visibility", shownTo, before.visibility]],
    isPublic: [],
    passwordHash: [["password_hash", "password", hash, before.passwordHash]],
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

/** `is_public: false` on something unlisted says nothing new; it must not make it private. */
const isPublicChange = ({ visibility }: Row, isPublic: boolean | undefined): boolean | undefined =>
  isPublic === (visibility === "public") ? undefined : isPublic;
