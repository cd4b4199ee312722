import { useTranslation } from "react-i18next";
import { formatDate } from "#base/format/format.ts";
import { localMs } from "#base/format/local-time.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Problem, useErrorText } from "#base/ui/states/states.tsx";
import { editAgain } from "#parts/upload/publication.ts";
import { failureOf } from "#parts/upload/queue/item.ts";
import type { Upload } from "#parts/upload/upload.ts";
import { formId } from "./details-form.tsx";
import type { Publishing } from "./use-publication.ts";

/** The label of the button, by the time of publication. */
const doneTexts = { now: "upload.publish", later: "publish.schedule", draft: "publish.saveDraft" } as const;

interface PublishBarProps {
  /** The one whose details are open. */
  upload: Upload | null;
  /** How many are not published yet. */
  count: number;
  publishing: Publishing;
}

/** The last step, always in reach, with its effect. */
export function PublishBar({ upload, count, publishing }: PublishBarProps) {
  const { t } = useTranslation();
  const text = useErrorText();
  const failure = upload?.publishFailure ?? null;
  return (
    <footer className="sticky bottom-(--bar) z-20 -mx-4 -mb-6 mt-auto flex flex-col gap-2 border-t border-line bg-page px-4 pt-2.5 pb-3 sm:-mx-6 sm:min-h-18 sm:flex-row-reverse sm:flex-wrap sm:items-center sm:gap-4 sm:px-6">
      {failure !== null && (
        <div className="sm:w-full">
          <Problem>{text(failureOf(failure))}</Problem>
        </div>
      )}
      <div className="flex items-center gap-2 sm:flex-row-reverse">
        {upload !== null && <PublishButton upload={upload} />}
        {count > 1 && (
          <Button
            look={upload === null ? "main" : "inverse"}
            className={`min-h-12! text-base! ${upload === null ? "flex-1" : ""}`}
            onPress={publishing.all}
          >
            {t("upload.publishAll")}
          </Button>
        )}
      </div>
      {upload === null ? (
        <p className="text-center text-xs text-soft sm:flex-1 sm:text-start sm:text-sm">{t("upload.next.all")}</p>
      ) : (
        <Next upload={upload} publishing={publishing} />
      )}
    </footer>
  );
}

function PublishButton({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const { publish, draft } = upload;
  if (publish === "wanted")
    return (
      <Button className="min-h-12! flex-1 text-base! sm:min-w-48" onPress={() => editAgain(upload.key)}>
        {t("upload.publishSoon.edit")}
      </Button>
    );
  return (
    <Button
      look="main"
      type="submit"
      form={formId}
      isBusy={publish === "sending"}
      className="min-h-12! flex-1 text-base! sm:min-w-48"
    >
      {publish === "sending" ? t("upload.publishing") : t(doneTexts[draft.when])}
    </Button>
  );
}

/** The effect of the button, or the details that are missing for it. */
function Next({ upload, publishing }: { upload: Upload; publishing: Publishing }) {
  const { t, i18n } = useTranslation();
  const { draft, publish, status } = upload;
  const missing = publishing.missing(upload);
  if (missing.length > 0) {
    const all = new Intl.ListFormat(i18n.language).format(missing.map((detail) => t(`upload.missing.${detail}`)));
    const otherCount = publishing.incomplete - 1;
    return (
      <p role="alert" className="text-center text-xs text-bad sm:flex-1 sm:text-start sm:text-sm">
        {t("upload.missing", { all })} {otherCount > 0 && t("upload.missing.others", { count: otherCount })}
      </p>
    );
  }
  const isThere = status === "stored" || status === "elsewhere";
  const when = { when: formatDate(localMs(draft.publishAt) ?? 0, i18n.language) };
  const next =
    publish === "wanted"
      ? t("upload.publishSoon")
      : draft.when === "later"
        ? t("upload.next.later", when)
        : t(`upload.next.${draft.when}.${isThere ? "there" : "sending"}`);
  return (
    <p role="status" className="text-center text-xs text-soft sm:flex-1 sm:text-start sm:text-sm">
      {next}
    </p>
  );
}
