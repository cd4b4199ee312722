import { useLocation } from "@tanstack/react-router";
import { lazyFrame } from "../ui/lazy-part.tsx";
import { useTrays } from "./trays.ts";

const Tray = lazyFrame(() => import("../drive/tray.tsx"), "Tray", { texts: ["files"] });
const UploadTray = lazyFrame(() => import("../upload/upload-tray.tsx"), "UploadTray", { texts: ["files", "library"] });

/** Where the trays are, one above the other. Their code comes when there is something in them. */
export function TraySlot() {
  const { isDriveShown, areUploadsShown } = useTrays();
  const { pathname } = useLocation();
  const isUploadsWanted = areUploadsShown && pathname !== "/upload";
  if (!isDriveShown && !isUploadsWanted) return null;
  return (
    <div className="pointer-events-none fixed end-0 bottom-[calc(var(--bar)+var(--foot))] start-0 z-40 flex flex-col gap-2 *:pointer-events-auto sm:end-4 sm:bottom-[calc(1rem+var(--foot))] sm:start-auto sm:w-96">
      {isUploadsWanted && <UploadTray />}
      {isDriveShown && <Tray />}
    </div>
  );
}
