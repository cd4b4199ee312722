import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";

export interface ProfileLink {
  title: string;
  url: string;
}

const linksMax = 5;

/** The addresses that a profile names, each with a few words. */
export function ProfileLinks({
  links,
  onChange,
}: {
  links: readonly ProfileLink[];
  onChange: (links: readonly ProfileLink[]) => void;
}) {
  const { t } = useTranslation();
  const change = (place: number, part: Partial<ProfileLink>) =>
    onChange(links.map((link, at) => (at === place ? { ...link, ...part } : link)));
  return (
    <div role="group" aria-label={t("settings.links")} className="flex flex-col gap-3">
      <span className="text-sm font-medium">{t("settings.links")}</span>
      {links.map((link, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a link has nothing else that stays the same while it is typed
        <div key={place} className="flex items-end gap-2">
          <div className="w-2/5">
            <Field
              label={t("settings.links.title")}
              value={link.title}
              onChange={(title) => change(place, { title })}
              charactersMax={50}
            />
          </div>
          <div className="flex-1">
            <Field
              label={t("settings.links.url")}
              type="url"
              value={link.url}
              onChange={(url) => change(place, { url })}
              placeholder="https://"
            />
          </div>
          <IconButton
            label={t("settings.links.remove", { title: link.title || link.url })}
            onPress={() => onChange(links.filter((_, at) => at !== place))}
          >
            <X size={18} aria-hidden />
          </IconButton>
        </div>
      ))}
      {links.length < linksMax && (
        <Button className="self-start" onPress={() => onChange([...links, { title: "", url: "" }])}>
          <Plus size={16} aria-hidden />
          {t("settings.links.add")}
        </Button>
      )}
    </div>
  );
}
