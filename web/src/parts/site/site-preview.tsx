import { CircleAlert, CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTheme } from "#base/frame/theme.ts";
import { accentStyle, accentTheme } from "./accents.ts";
import { IconTile } from "./icon-tile.tsx";
import type { SiteDraft } from "./site-draft.ts";

/** A picture of hills under a sky: enough to judge an accent beside covers. */
const scene = (sky: string, far: string, near: string, light: string) =>
  `radial-gradient(75% 45% at 20% 105%, ${near} 98%, transparent), radial-gradient(70% 38% at 85% 105%, ${near} 98%, transparent),` +
  `radial-gradient(80% 62% at 60% 112%, ${far} 98%, transparent), radial-gradient(circle at 70% 38%, ${light} 7%, transparent 8%), ${sky}`;
const scenes = [
  scene("linear-gradient(#0d2136, #1f6f6b)", "#12343c", "#0a1a22", "#e9f5d8"),
  scene("linear-gradient(#5c86a8, #cfe0ea)", "#8aa5b5", "#5d7786", "#ffffff"),
  scene("linear-gradient(#141233, #5a4684)", "#2a2350", "#14112b", "#f3e7b8"),
  scene("linear-gradient(#7d4a77, #f0a35e)", "#8a4a58", "#33283f", "#ffe2ac"),
  scene("linear-gradient(#33628c, #f3c78a)", "#6a7d8c", "#3f5266", "#fff1c9"),
  scene("linear-gradient(#b2564f, #f5bd6c)", "#7c4a58", "#27344f", "#fff0c0"),
];

/** How the site will look with what is chosen so far, before anything is saved. Decorative, save for the contrast. */
export function SitePreview({ draft }: { draft: Pick<SiteDraft, "name" | "icon" | "accent"> }) {
  const { t } = useTranslation();
  const theme = useTheme();
  const colours = accentTheme(draft.accent);
  const name = draft.name.trim() || t("site.name.none");
  return (
    <section
      aria-label={t("site.preview")}
      data-theme={theme}
      className="flex flex-col gap-3 text-ink"
      style={colours === null ? {} : accentStyle(colours)}
    >
      <h2 className="text-xs font-semibold text-soft">{t("site.preview")}</h2>
      <div aria-hidden className="rounded-2xl border border-line bg-page p-4 select-none">
        <div className="flex h-10 items-center gap-3">
          <span className="flex min-w-0 flex-1 items-center gap-2">
            <IconTile name={name} icon={draft.icon} size={28} />
            <span className="truncate text-base font-bold">
              <bdi>{name}</bdi>
            </span>
          </span>
          <span className="h-8 w-1/4 min-w-0 rounded-full bg-raised" />
          <span className="rounded-full bg-accent px-3 py-1.5 text-xs font-semibold whitespace-nowrap text-on-accent">
            {t("nav.upload")}
          </span>
        </div>
        <div className="mt-3 grid grid-cols-3 gap-3">
          {scenes.map((background) => (
            <span key={background} className="flex flex-col gap-1.5">
              <span className="aspect-video rounded-lg" style={{ background }} />
              <span className="h-2 w-4/5 rounded-full bg-strong" />
              <span className="h-2 w-1/2 rounded-full bg-raised" />
            </span>
          ))}
        </div>
      </div>
      <div className="grid gap-3 min-[420px]:grid-cols-2">
        <div aria-hidden className="flex items-center gap-3 rounded-xl bg-page p-3">
          <IconTile name={name} icon={draft.icon} size={44} />
          <span className="min-w-0">
            <span className="block text-sm font-semibold">{t("site.preview.home")}</span>
            <span className="block truncate text-xs text-soft">
              <bdi>{name}</bdi>
            </span>
          </span>
        </div>
        <p role="status" className="flex items-center gap-3 rounded-xl bg-page p-3">
          {colours === null ? (
            <CircleAlert size={20} aria-hidden className="shrink-0 text-bad" />
          ) : (
            <CircleCheck size={20} aria-hidden className="shrink-0 text-good" />
          )}
          <span className="min-w-0">
            <span className="block text-sm font-semibold">
              {t(colours === null ? "site.contrast.low" : "site.contrast.fine")}
            </span>
            <span className="block text-xs text-soft">{t("site.contrast.themes")}</span>
          </span>
        </p>
      </div>
    </section>
  );
}
