import { useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTitle } from "#base/frame/use-title.ts";
import { Browser } from "./browser/browser.tsx";
import { DriveFrame } from "./drive-frame.tsx";
import { useView } from "./list/use-view.ts";

/** The root of the drive, or what was searched for. */
export function DrivePage() {
  const { t } = useTranslation();
  const { q } = useSearch({ from: "/drive" });
  const view = useView();
  useTitle(t("drive.title"));
  return (
    <DriveFrame>
      {q === undefined ? (
        <Browser key="root" place={{ kind: "folder", folderId: null, sort: view.sort, order: view.order }} />
      ) : (
        <Browser key={`search ${q}`} place={{ kind: "search", q }} />
      )}
    </DriveFrame>
  );
}

/** A folder of the drive. */
export function FolderPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/drive/folder/$id" });
  const view = useView();
  useTitle(t("drive.title"));
  return (
    <DriveFrame>
      <Browser key={id} place={{ kind: "folder", folderId: id, sort: view.sort, order: view.order }} />
    </DriveFrame>
  );
}

/** The latest uploads, wherever they are. */
export function RecentPage() {
  const { t } = useTranslation();
  useTitle(t("drive.recent"));
  return (
    <DriveFrame>
      <Browser place={{ kind: "recent" }} />
    </DriveFrame>
  );
}
