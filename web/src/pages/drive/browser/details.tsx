import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { formatDate, formatSize } from "#base/format/format.ts";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { type Listed, pathQuery } from "../entries/entries.ts";
import { Thumbnail } from "../entries/entry-icon.tsx";

interface DetailsProps {
  entries: readonly Listed[];
  onShare: (entry: Listed) => void;
  onClose?: () => void;
}

/** The details of the selected entries. */
export function Details({ entries, onShare, onClose }: DetailsProps) {
  const { t } = useTranslation();
  const [only] = entries;
  return (
    <div className="flex flex-col gap-4">
      {onClose !== undefined && (
        <div className="flex items-center">
          <h2 className="flex-1 text-base font-semibold">{t("drive.do.details")}</h2>
          <IconButton label={t("action.close")} onPress={onClose}>
            <X size={20} aria-hidden />
          </IconButton>
        </div>
      )}
      {only === undefined ? (
        <p className="text-soft">{t("drive.details.none")}</p>
      ) : entries.length > 1 ? (
        <Several entries={entries} />
      ) : (
        <One entry={only} onShare={onShare} />
      )}
    </div>
  );
}

function Several({ entries }: { entries: readonly Listed[] }) {
  const { t, i18n } = useTranslation();
  const sizeBytes = entries.reduce((sum, { size }) => sum + size, 0);
  return (
    <dl className="flex flex-col gap-3">
      <Fact name={t("drive.details.chosen")}>{t("drive.chosen", { count: entries.length })}</Fact>
      <Fact name={t("drive.size")}>{formatSize(sizeBytes, i18n.language)}</Fact>
    </dl>
  );
}

function One({ entry, onShare }: { entry: Listed; onShare: (entry: Listed) => void }) {
  const { t, i18n } = useTranslation();
  const path = useQuery(pathQuery(entry.id));
  const above = path.data?.slice(0, -1).map(({ name }) => name) ?? [];
  const date = (time: string) => formatDate(Date.parse(time), i18n.language);
  return (
    <>
      <div className="aspect-video">
        <Thumbnail key={entry.id} entry={entry} iconSize={48} showDuration />
      </div>
      <dl className="flex flex-col gap-3">
        <Fact name={t("drive.name")}>{entry.name}</Fact>
        <Fact name={t("drive.kind")}>{entry.mime === "" ? t("drive.folder") : entry.mime}</Fact>
        {entry.kind !== "folder" && <Fact name={t("drive.size")}>{formatSize(entry.size, i18n.language)}</Fact>}
        <Fact name={t("drive.changed")}>{date(entry.changed_at)}</Fact>
        <Fact name={t("drive.place")}>{[t("drive.root"), ...above].join(" / ")}</Fact>
        <Fact name={t("drive.links")}>{entry.is_shared === true ? t("drive.links.some") : t("drive.links.none")}</Fact>
      </dl>
      <Button onPress={() => onShare(entry)}>{t("drive.do.share")}</Button>
    </>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt className="text-xs text-soft">{name}</dt>
    <dd className="text-sm">{children}</dd>
  </div>
);
