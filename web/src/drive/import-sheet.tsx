import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { useErrorText } from "../ui/states.tsx";
import { importsQuery } from "./imports.ts";

interface ImportSheetProps {
  folderId: number | null;
  onClose: () => void;
}

/** Asks for the address of a file that the server is to fetch into a folder. */
export function ImportSheet({ folderId, onClose }: ImportSheetProps) {
  const { t } = useTranslation();
  const text = useErrorText();
  const [url, setUrl] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const begin = async () => {
    setBusy(true);
    try {
      const body = { url: url.trim(), purpose: "drive" as const, ...(folderId !== null && { folder_id: folderId }) };
      await ask("upload.importUrl", { body });
      await queryClient.invalidateQueries({ queryKey: importsQuery.queryKey });
      onClose();
    } catch (thrown) {
      setProblem(text(thrown));
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (url.trim() === "") setProblem(t("error.upload.bad_url"));
    else if (!isBusy) void begin();
  };
  return (
    <Sheet title={t("import.title")} isOpen onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <Field
          label={t("import.address")}
          hint={t("import.hint")}
          type="url"
          inputMode="url"
          autoComplete="off"
          placeholder="https://"
          value={url}
          onChange={(given) => {
            setUrl(given);
            setProblem(null);
          }}
          maxLength={4096}
          problem={problem}
          autoFocus
        />
        <div className="flex flex-wrap gap-3">
          <Button className="flex-1" onPress={onClose}>
            {t("action.cancel")}
          </Button>
          <Button look="main" type="submit" isBusy={isBusy} className="flex-1">
            {t("import.begin")}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
