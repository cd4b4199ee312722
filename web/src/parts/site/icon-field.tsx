import { ImageUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { uploadPicture } from "#base/api/picture.ts";
import { asFailure } from "#base/api/request/failure.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { ChooseImage } from "#base/ui/fields/choose-image.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { IconTile } from "./icon-tile.tsx";

interface IconFieldProps {
  name: string;
  icon: string;
  onChange: (icon: string) => void;
}

/** The icon: a picture, or the initials of the name. It is sent at once and used when the settings are saved. */
export function IconField({ name, icon, onChange }: IconFieldProps) {
  const { t } = useTranslation();
  const {
    run: choose,
    isBusy,
    problem,
    setProblem,
  } = useAction(async (file: File): Promise<void> => {
    const notImage = t("site.icon.notImage", { name: file.name });
    if (!file.type.startsWith("image/")) return setProblem(notImage);
    try {
      onChange((await uploadPicture(file, "avatar")).url);
    } catch (thrown) {
      // The server's own sentence speaks of videos.
      if (!asFailure(thrown).code.startsWith("media.")) throw thrown;
      setProblem(notImage);
    }
  });
  return (
    <div role="group" aria-label={t("site.icon")} className="flex flex-col gap-1.5">
      <span className="text-sm font-medium">{t("site.icon")}</span>
      <div className="flex flex-wrap items-center gap-4">
        <IconTile {...{ name, icon }} size={72} />
        <div className="flex min-w-48 flex-1 flex-col gap-1.5">
          <div className="flex flex-wrap gap-2">
            <ChooseImage
              text={t("site.icon.choose")}
              icon={<ImageUp size={18} aria-hidden />}
              isDisabled={isBusy}
              onFile={(file) => void choose(file)}
            />
            {icon !== "" && (
              <Button
                look="ghost"
                onPress={() => {
                  setProblem(null);
                  onChange("");
                }}
              >
                {t("site.icon.initials")}
              </Button>
            )}
          </div>
          <p className="text-xs text-soft">{t("site.icon.hint")}</p>
        </div>
      </div>
      {problem !== null && <Problem>{problem}</Problem>}
    </div>
  );
}
