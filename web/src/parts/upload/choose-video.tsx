import { useTranslation } from "react-i18next";
import type { ReactNode } from "react";
import { buttonClass, type Look } from "#base/ui/buttons/button.tsx";
import type { Picked } from "./queue/queue.ts";

interface ChooseVideoProps {
  /** Its name, also shown; the usual words when left out. */
  text?: string;
  icon?: ReactNode;
  look?: Look;
  className?: string;
  /** Opens the camera of a phone instead. */
  isCamera?: boolean;
  isMultiple?: boolean;
  onFiles: (files: Picked[]) => void;
}

/** The accepted files, as the `accept` of an input. */
export const videoFiles = "video/*,audio/*,.mkv,.ts,.mts,.m2ts,.flv,.avi,.wmv";

/** The file input, dressed as a button. The input itself has the focus and the name. */
export function ChooseVideo({
  text,
  icon,
  look = "plain",
  className = "",
  isCamera = false,
  isMultiple = false,
  onFiles,
}: ChooseVideoProps) {
  const { t } = useTranslation();
  const name = text ?? t("upload.choose");
  return (
    <label
      className={buttonClass(
        look,
        `relative has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-strong ${className}`,
      )}
    >
      {icon}
      <span aria-hidden>{name}</span>
      <input
        type="file"
        aria-label={name}
        accept={isCamera ? "video/*" : videoFiles}
        multiple={isMultiple}
        {...(isCamera && { capture: "environment" as const })}
        className="absolute inset-0 size-full cursor-pointer opacity-0"
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])].map((file) => ({ file, handle: null }));
          // The same file may be chosen again after a failure.
          event.currentTarget.value = "";
          if (files.length > 0) onFiles(files);
        }}
      />
    </label>
  );
}
