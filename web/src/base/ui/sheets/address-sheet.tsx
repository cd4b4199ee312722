import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../buttons/button.tsx";
import { Field } from "../fields/field.tsx";
import { useAction } from "../actions/use-action.ts";
import { Sheet } from "./sheet.tsx";

interface AddressSheetProps {
  hint: string;
  /** The label of the button. */
  done: string;
  lengthMax: number;
  onClose: () => void;
  /** Takes the address, without the blanks around it, and closes the sheet; what it throws is said under the field. */
  onAddress: (url: string) => Promise<void> | void;
}

/** Asks for the address of a file that the server is to fetch. */
export function AddressSheet({ hint, done, lengthMax, onClose, onAddress }: AddressSheetProps) {
  const { t } = useTranslation();
  const [url, setUrl] = useState("");

  const {
    run: take,
    isBusy,
    problem,
    setProblem,
  } = useAction(async () => {
    await onAddress(url.trim());
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (url.trim() === "") setProblem(t("error.upload.bad_url"));
    else void take();
  };
  return (
    <Sheet title={t("import.title")} isOpen onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <Field
          label={t("import.address")}
          hint={hint}
          type="url"
          inputMode="url"
          autoComplete="off"
          placeholder="https://"
          value={url}
          onChange={(value) => {
            setUrl(value);
            setProblem(null);
          }}
          maxLength={lengthMax}
          problem={problem}
          autoFocus
        />
        <div className="flex flex-wrap gap-3">
          <Button className="flex-1" onPress={onClose}>
            {t("action.cancel")}
          </Button>
          <Button look="main" type="submit" isBusy={isBusy} className="flex-1">
            {done}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
