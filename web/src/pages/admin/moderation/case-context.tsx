import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ModerationCase } from "#base/api/types.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { commentQuery } from "#parts/comments/comment-queries.ts";
import { nameOf } from "./case-text.ts";

/** The comment that a reported one answers; nothing where it answers none, or may not be read. */
export function CaseParent({ item }: { item: ModerationCase }) {
  const { t } = useTranslation();
  const isComment = item.kind === "comment";
  const { data: comment } = useQuery({ ...commentQuery(item.thing_id), enabled: isComment, retry: false });
  const parentId = comment?.parent_id ?? null;
  const { data: parent } = useQuery({ ...commentQuery(parentId ?? 0), enabled: parentId !== null, retry: false });
  if (!isComment || parentId === null || parent === undefined) return null;
  return (
    <div className="flex gap-2.5 rounded-xl bg-raised px-3.5 py-3 text-sm">
      <Avatar user={parent.user} />
      <p className="min-w-0">
        <span className="block text-xs text-soft">
          {t("cases.answerTo")} <bdi className="font-semibold">{nameOf(parent.user)}</bdi>
        </span>
        <span className="line-clamp-3 break-words whitespace-pre-line">{parent.content}</span>
      </p>
    </div>
  );
}
