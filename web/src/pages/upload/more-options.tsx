import { CalendarClock, ChevronDown, FilePen, Send, SlidersHorizontal } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatDate } from "#base/format/format.ts";
import { localMs, localText } from "#base/format/local-time.ts";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { Choice, Toggle } from "#base/ui/buttons/choice.tsx";
import { CategorySelect } from "#base/ui/fields/category-select.tsx";
import { TagField } from "#base/ui/fields/tag-field.tsx";
import { useCategories } from "#base/ui/fields/use-categories.ts";
import { WhenField } from "#base/ui/fields/when-field.tsx";
import type { Draft } from "#parts/upload/draft.ts";
import type { Upload } from "#parts/upload/upload.ts";
import { changeDraft } from "#parts/upload/upload-state.ts";
import { CaptionsEditor } from "#pages/studio/edit/captions-editor.tsx";

const hourMs = 3_600_000;
const whens = [
  { value: "now", icon: Send },
  { value: "later", icon: CalendarClock },
  { value: "draft", icon: FilePen },
] as const;

interface MoreOptionsProps {
  upload: Upload;
  isTimeMissing: boolean;
}

/** Options that few change, folded; its row shows the choices in it. */
export function MoreOptions({ upload, isTimeMissing }: MoreOptionsProps) {
  const { t } = useTranslation();
  const id = useId();
  const [isUnfolded, setUnfolded] = useState(false);
  const isOpen = isUnfolded || isTimeMissing;
  const summary = useSummary(upload.draft);
  return (
    <div className="flex flex-col gap-4">
      <BareButton
        aria-expanded={isOpen}
        aria-controls={id}
        onPress={() => setUnfolded(!isOpen)}
        className="-mx-1 flex min-h-16 items-center gap-3 rounded-lg px-3.5 text-start transition-colors hover:bg-raised"
      >
        <SlidersHorizontal size={20} aria-hidden className="shrink-0" />
        <span className="min-w-0 flex-1">
          <span className="block text-base font-medium">{t("upload.more")}</span>{" "}
          <span className="block truncate text-xs text-soft">{summary}</span>
        </span>
        <ChevronDown
          size={20}
          aria-hidden
          className={`shrink-0 text-soft transition-transform ${isOpen ? "rotate-180" : ""}`}
        />
      </BareButton>
      <div id={id} hidden={!isOpen}>
        {isOpen && <Options upload={upload} isTimeMissing={isTimeMissing} />}
      </div>
    </div>
  );
}

/** The unusual choices, or else the subjects of the options. */
function useSummary({ categoryId, tags, when, publishAt, allowComment, allowDownload }: Draft): string {
  const { t, i18n } = useTranslation();
  const category = useCategories()?.find(({ id }) => id === categoryId);
  const chosen = [
    category?.name,
    tags.length > 0 && tags.join(", "),
    when === "later" && formatDate(localMs(publishAt) ?? 0, i18n.language),
    when === "draft" && t("publish.when.draft"),
    !allowComment && t("upload.more.noComments"),
    !allowDownload && t("upload.more.noDownload"),
  ].filter((part) => typeof part === "string");
  return chosen.length > 0 ? chosen.join(" · ") : t("upload.more.text");
}

function Options({ upload, isTimeMissing }: MoreOptionsProps) {
  const { t } = useTranslation();
  const { key, draft } = upload;
  const change = (part: Partial<Draft>) => changeDraft(key, part);
  return (
    <div className="flex flex-col gap-5">
      <CategorySelect value={draft.categoryId} onChange={(categoryId) => change({ categoryId })} />
      <TagField tags={draft.tags} onChange={(tags) => change({ tags })} isDisabled={upload.publish !== "no"} />
      <Choice
        label={t("publish.when")}
        value={draft.when}
        onChange={(when) => {
          const publishAt = draft.publishAt === "" ? localText(Date.now() + hourMs) : draft.publishAt;
          change({ when, publishAt });
        }}
        options={whens.map(({ value, icon: Icon }) => ({
          value,
          name: t(`publish.when.${value}`),
          text: t(`publish.when.${value}.text`),
          icon: <Icon size={20} aria-hidden className="shrink-0" />,
        }))}
      />
      {draft.when === "later" && (
        <div data-field="time">
          <WhenField
            value={draft.publishAt}
            onChange={(publishAt) => change({ publishAt })}
            problem={isTimeMissing ? t("publish.past") : null}
          />
        </div>
      )}
      <Toggle
        label={t("upload.field.comment")}
        text={t("upload.field.comment.text")}
        isOn={draft.allowComment}
        onChange={(allowComment) => change({ allowComment })}
      />
      <Toggle
        label={t("upload.field.download")}
        isOn={draft.allowDownload}
        onChange={(allowDownload) => change({ allowDownload })}
      />
      {draft.media === null ? (
        <p className="text-xs text-soft">{t("upload.captionsLater")}</p>
      ) : (
        <CaptionsEditor mediaId={draft.media.id} />
      )}
    </div>
  );
}
