import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { instanceQuery } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { User } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { DeletePart } from "./delete-part.tsx";
import { ExportPart } from "./export-part.tsx";
import { ImportPart } from "./import/import-part.tsx";
import { Part } from "./part.tsx";

/** Export and deletion of the viewer's data; for an administrator, of the demo content too. */
export function DataPart({ me }: { me: User }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-4">
      {me.role === "admin" && <DemoPart />}
      <Part title={t("settings.export")}>
        <ExportPart />
      </Part>
      <Part title={t("settings.import")}>
        <ImportPart />
      </Part>
      <Part title={t("settings.delete")}>
        <DeletePart me={me} />
      </Part>
    </div>
  );
}

/** For the administrator, while there is demo content. */
function DemoPart() {
  const { t } = useTranslation();
  // Demo content comes some time after it was asked for: what was known a while ago does not count.
  const instance = useQuery({ ...instanceQuery, staleTime: 0 });
  const {
    run: remove,
    isBusy,
    problem,
  } = useAction(async () => {
    await ask("auth.removeDemo", { timeoutMs: 60_000 });
    await queryClient.invalidateQueries();
    showToast(t("settings.demo.removed"));
  });

  if (instance.data?.demo !== true) return null;
  return (
    <Part title={t("settings.demo")}>
      <p className="mb-3 text-soft">{t("settings.demo.text")}</p>
      {problem !== null && <Problem>{problem}</Problem>}
      <Button look="danger" isBusy={isBusy} onPress={() => void remove()}>
        {t("settings.demo.remove")}
      </Button>
    </Part>
  );
}
