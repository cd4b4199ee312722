import { useTranslation } from "react-i18next";
import { Button, LinkButton } from "#base/ui/buttons/button.tsx";
import { cancelItems } from "./queue/queue.ts";
import type { Upload } from "./upload.ts";

/** The end of a queue: nothing is left to be done here. */
export function AllPublished({ uploads }: { uploads: readonly Upload[] }) {
  const { t } = useTranslation();
  const clear = () => cancelItems(uploads.map(({ key }) => key));
  return (
    <section className="animate-rise flex flex-col items-start gap-3 rounded-xl bg-surface p-5">
      <h2 className="text-xl font-semibold">{t("upload.allDone", { count: uploads.length })}</h2>
      <p className="text-soft">{t("upload.allDone.text")}</p>
      <div className="mt-1 flex flex-wrap gap-2">
        <LinkButton look="main" to="/studio">
          {t("nav.studio")}
        </LinkButton>
        <Button onPress={clear}>{t("processing.next")}</Button>
      </div>
    </section>
  );
}
