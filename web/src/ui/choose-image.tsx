import type { ReactNode } from "react";
import { buttonClass } from "./button.tsx";

interface ChooseImageProps {
  /** Its name, also shown. */
  text: string;
  icon?: ReactNode;
  isDisabled?: boolean;
  onFile: (file: File) => void;
}

/** An image input dressed as a button. */
export function ChooseImage({ text, icon, isDisabled = false, onFile }: ChooseImageProps) {
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
        accept="image/*"
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
