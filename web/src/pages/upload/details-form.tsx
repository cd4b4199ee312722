import type { SubmitEvent } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "#base/ui/fields/field.tsx";
import { VideoPassword } from "#base/ui/fields/video-password.tsx";
import { VisibilitySelect } from "#base/ui/fields/visibility-select.tsx";
import { lazyPart } from "#base/ui/loading/lazy-part.tsx";
import type { Missing } from "#parts/upload/missing-details.ts";
import type { Upload } from "#parts/upload/upload.ts";
import { changeDraft } from "#parts/upload/upload-state.ts";
import { CoverStrip } from "./cover-strip.tsx";
import { MoreOptions } from "./more-options.tsx";

const GateEditor = lazyPart(() => import("#parts/gates/gate-editor.tsx"), "GateEditor", { texts: ["gates"] });

/** The form that the button at the foot of the page sends. */
export const formId = "upload-details";

interface DetailsFormProps {
  upload: Upload;
  missing: readonly Missing[];
  onSubmit: (upload: Upload) => void;
}

/** Everything about a video that is not its file. */
export function DetailsForm({ upload, missing, onSubmit }: DetailsFormProps) {
  const { t } = useTranslation();
  const { key, draft } = upload;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (upload.publish === "no") onSubmit(upload);
  };
  return (
    <form
      id={formId}
      onSubmit={submit}
      noValidate
      aria-label={t("upload.detailsOf", { name: upload.name })}
      className="min-w-0"
    >
      <fieldset
        // An upload that waits to be published stays as it is until the user says otherwise.
        disabled={upload.publish !== "no"}
        className="flex min-w-0 flex-col gap-4 transition-opacity disabled:opacity-60"
      >
        <div data-field="title">
          <Field
            label={t("upload.field.title")}
            name="title"
            value={draft.title}
            onChange={(title) => changeDraft(key, { title })}
            charactersMax={200}
            hasCount
            isRequired
            problem={missing.includes("title") ? t("upload.titleMissing") : null}
          />
        </div>
        <Field
          label={t("upload.field.description")}
          name="description"
          value={draft.description}
          onChange={(description) => changeDraft(key, { description })}
          charactersMax={1000}
          rows={4}
          placeholder={t("upload.field.descriptionHint")}
        />
        <CoverStrip upload={upload} />
        <VisibilitySelect value={draft.visibility} onChange={(visibility) => changeDraft(key, { visibility })} />
        {draft.visibility === "password" && (
          <div data-field="password">
            <VideoPassword
              value={draft.password}
              onChange={(password) => changeDraft(key, { password })}
              isMissing={missing.includes("password")}
            />
          </div>
        )}
        {draft.visibility === "gated" && (
          <div data-field="gate">
            <GateEditor
              draft={draft.gate}
              onChange={(gate) => changeDraft(key, { gate })}
              password={draft.password}
              onPassword={(password) => changeDraft(key, { password })}
              isPasswordKept={false}
              isIncomplete={missing.includes("gate")}
            />
          </div>
        )}
        <MoreOptions upload={upload} isTimeMissing={missing.includes("time")} />
      </fieldset>
    </form>
  );
}
