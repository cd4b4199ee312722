import type { LinkProps } from "@tanstack/react-router";
import type { FoundFile } from "#base/api/types.ts";

/** A folder is opened, a file shown in the folder it is in. Pure. */
export function placeOf({ id, kind, folder_id: folderId }: Pick<FoundFile, "id" | "kind" | "folder_id">) {
  if (kind === "folder") return { to: "/drive/folder/$id", params: { id } } as const satisfies LinkProps;
  if (folderId === null) return { to: "/drive", search: { show: id } } as const satisfies LinkProps;
  return { to: "/drive/folder/$id", params: { id: folderId }, search: { show: id } } as const satisfies LinkProps;
}
