import { useTranslation } from "react-i18next";
import { buttonClass, type Look } from "../ui/button.tsx";

interface ChooseVideoProps {
  look: Look;
  onFile: (file: File) => void;
  /** Shown instead of the usual words; the control is named the same. */
  text?: string;
}

/** The accepted files, as the `accept` of an input. */
export const videoFiles = "video/*,audio/*,.mkv,.ts,.mts,.m2ts,.flv,.avi,.wmv";

/** The file input, dressed as a button. The input itself has the focus and the name. */
export function ChooseVideo({ look, onFile, text }: ChooseVideoProps) {
  const { t } = useTranslation();
  return (
    <label
      className={buttonClass(
        look,
        "relative min-h-12! px-6! text-base! has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-strong",
      )}
    >
      <span aria-hidden>{text ?? t("upload.choose")}</span>
      <input
        type="file"
        aria-label={t("upload.choose")}
        accept={videoFiles}
        className="absolute inset-0 size-full cursor-pointer opacity-0"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          // The same file may be chosen again after a failure.
          event.currentTarget.value = "";
          if (file !== undefined) onFile(file);
        }}
      />
    </label>
  );
}
