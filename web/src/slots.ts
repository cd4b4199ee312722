import { lazyFrame, lazySheet } from "#base/ui/loading/lazy-part.tsx";
import type { ShellSlots } from "#parts/shell/shell.tsx";

/** The parts of pages in the frame of every page. Their code is loaded when they are shown. */
export const slots: ShellSlots = {
  AdminItems: lazyFrame(() => import("#pages/admin/frame/admin-items.tsx"), "AdminItems"),
  DriveTray: lazyFrame(() => import("#pages/drive/transfer/tray.tsx"), "Tray", { texts: ["files"] }),
  UploadTray: lazyFrame(() => import("#parts/upload/upload-tray.tsx"), "UploadTray", { texts: ["files", "library"] }),
  LogInSheet: lazySheet(() => import("#pages/account/log-in-sheet.tsx"), "LogInSheet", "account", "wallets"),
  ConfirmationSheet: lazySheet(
    () => import("#pages/account/confirmation-sheet.tsx"),
    "ConfirmationSheet",
    "account",
    "wallets",
  ),
};
