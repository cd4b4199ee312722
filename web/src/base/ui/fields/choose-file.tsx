import type { ReactNode } from "react";
import { buttonClass } from "../buttons/button.tsx";

export interface ChooseFileProps {
  /** Its name, also shown. */
  text: string;
  icon?: ReactNode;
  /** The accepted files, as the `accept` of an input. */
  accept: string;
  isDisabled?: boolean;
  onFile: (file: File) => void;
}

/** A file input dressed as a button. */
export function ChooseFile({ text, icon, accept, isDisabled = false, onFile }: ChooseFileProps) {
  return (
    <label
      className={buttonClass(
        "plain",
        `relative has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-strong ${isDisabled ? "opacity-50" : ""}`,
      )}
    >
      {icon}
      {text}
      <input
        type="file"
        accept={accept}
        disabled={isDisabled}
        className="absolute inset-0 size-full cursor-pointer opacity-0"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file !== undefined) onFile(file);
        }}
      />
    </label>
  );
}
