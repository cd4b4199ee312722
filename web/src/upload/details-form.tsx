import { CalendarClock, FilePen, Send } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { localMs, localText } from "../format/local-time.ts";
import { Button } from "../ui/button.tsx";
import { CategorySelect } from "../ui/category-select.tsx";
import { Choice, Toggle } from "../ui/choice.tsx";
import { CoverPicker } from "../ui/cover-picker.tsx";
import { Field } from "../ui/field.tsx";
import { TagField } from "../ui/tag-field.tsx";
import { Problem, useErrorText } from "../ui/states.tsx";
import { WhenField } from "../ui/when-field.tsx";
import { isPasswordMissing, VideoPassword } from "../ui/video-password.tsx";
import { visibilities, VisibilityIcon } from "../ui/visibility.tsx";
import { changeDraft, editAgain, publish, type UploadState } from "./upload-store.ts";

const hourMs = 3_600_000;
const whens = [
  { value: "now", icon: Send },
  { value: "later", icon: CalendarClock },
  { value: "draft", icon: FilePen },
] as const;
/** The label of the button, by the time of publication. */
const doneTexts = { now: "upload.publish", later: "publish.schedule", draft: "publish.saveDraft" } as const;

/** Everything about the video that is not the file. */
export function DetailsForm({ upload }: { upload: UploadState }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const { draft } = upload;
  const isWaiting = upload.publish !== "no";
  const [missing, setMissing] = useState(nothingMissing);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const missingFields = missingIn(draft);
    setMissing(missingFields);
    if (!Object.values(missingFields).includes(true) && !isWaiting) publish();
  };
  const part = { draft, isWaiting, missing, onMended: (what: Partial<Missing>) => setMissing({ ...missing, ...what }) };
  return (
    <form onSubmit={submit} className="flex flex-col gap-5 rounded-2xl bg-surface p-4 sm:p-6">
      <h2 className="sr-only">{t("upload.details")}</h2>
      <Words {...part} />
      <CoverPicker url={draft.coverUrl} onUrl={(coverUrl) => changeDraft({ coverUrl })} />
      <WhoMayWatch {...part} />
      <CategorySelect value={draft.categoryId} onChange={(categoryId) => changeDraft({ categoryId })} />
      <TagField tags={draft.tags} onChange={(tags) => changeDraft({ tags })} isDisabled={isWaiting} />
      <WhenPublished {...part} />
      <Toggle
        label={t("upload.field.comment")}
        text={t("upload.field.comment.text")}
        isOn={draft.allowComment}
        onChange={(allowComment) => changeDraft({ allowComment })}
      />
      <Toggle
        label={t("upload.field.download")}
        isOn={draft.allowDownload}
        onChange={(allowDownload) => changeDraft({ allowDownload })}
      />
      {upload.publishFailure !== null && <Problem>{text(upload.publishFailure)}</Problem>}
      <PublishButton upload={upload} />
    </form>
  );
}

type Draft = UploadState["draft"];

/** The obstacles to publishing a draft. */
interface Missing {
  title: boolean;
  password: boolean;
  /** A time for publishing that is not over. */
  time: boolean;
}
const nothingMissing: Missing = { title: false, password: false, time: false };

const missingIn = ({ title, visibility, password, when, publishAt }: Draft): Missing => ({
  title: title.trim() === "",
  password: isPasswordMissing(visibility, password, false),
  time: when === "later" && (localMs(publishAt) ?? 0) <= Date.now(),
});

interface PartProps {
  draft: Draft;
  isWaiting: boolean;
  missing: Missing;
  onMended: (what: Partial<Missing>) => void;
}

function Words({ draft, isWaiting, missing, onMended }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <Field
        label={t("upload.field.title")}
        name="title"
        value={draft.title}
        onChange={(title) => {
          onMended({ title: false });
          changeDraft({ title });
        }}
        charactersMax={200}
        isRequired
        isDisabled={isWaiting}
        problem={missing.title ? t("upload.titleMissing") : null}
      />
      <Field
        label={t("upload.field.description")}
        name="description"
        value={draft.description}
        onChange={(description) => changeDraft({ description })}
        charactersMax={1000}
        rows={4}
        isDisabled={isWaiting}
        placeholder={t("upload.field.descriptionHint")}
      />
    </>
  );
}

function WhoMayWatch({ draft, isWaiting, missing, onMended }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <Choice
        label={t("upload.field.visibility")}
        value={draft.visibility}
        onChange={(visibility) => changeDraft({ visibility })}
        options={visibilities.map((value) => ({
          value,
          name: t(`visibility.${value}`),
          text: t(`visibility.${value}.text`),
          icon: <VisibilityIcon visibility={value} size={20} />,
        }))}
      />
      {draft.visibility === "password" && (
        <VideoPassword
          value={draft.password}
          onChange={(password) => {
            onMended({ password: false });
            changeDraft({ password });
          }}
          isDisabled={isWaiting}
          isMissing={missing.password}
        />
      )}
    </>
  );
}

function WhenPublished({ draft, isWaiting, missing, onMended }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <Choice
        label={t("publish.when")}
        value={draft.when}
        onChange={(when) => {
          const publishAt = draft.publishAt === "" ? localText(Date.now() + hourMs) : draft.publishAt;
          onMended({ time: false });
          changeDraft({ when, publishAt });
        }}
        options={whens.map(({ value, icon: Icon }) => ({
          value,
          name: t(`publish.when.${value}`),
          text: t(`publish.when.${value}.text`),
          icon: <Icon size={20} aria-hidden className="shrink-0" />,
        }))}
      />
      {draft.when === "later" && (
        <WhenField
          value={draft.publishAt}
          onChange={(publishAt) => {
            onMended({ time: false });
            changeDraft({ publishAt });
          }}
          isDisabled={isWaiting}
          problem={missing.time ? t("publish.past") : null}
        />
      )}
    </>
  );
}

/** Publishes; while the file is still on its way, says so and offers to edit on. */
function PublishButton({ upload }: { upload: UploadState }) {
  const { t } = useTranslation();
  if (upload.publish === "wanted")
    return (
      <div role="status" className="flex flex-wrap items-center gap-3 rounded-lg bg-raised px-4 py-2">
        <span className="min-w-48 flex-1">{t("upload.publishSoon")}</span>
        <Button look="ghost" className="underline underline-offset-4" onPress={editAgain}>
          {t("upload.publishSoon.edit")}
        </Button>
      </div>
    );
  return (
    <Button
      look="main"
      type="submit"
      isBusy={upload.publish === "sending"}
      isDisabled={upload.step === "failed"}
      className="min-h-12 text-base"
    >
      {upload.publish === "sending" ? t("upload.publishing") : t(doneTexts[upload.draft.when])}
    </Button>
  );
}
