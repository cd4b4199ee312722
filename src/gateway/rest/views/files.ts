import { Id, PublicPath } from "#kernel";
import { drive, PlacedEntry } from "#services/drive/contract";
import { Media } from "#services/media/contract";
import { FoundFile } from "#services/search/contract";
import { streaming } from "#services/streaming/contract";
import { Finished } from "#services/upload/contract";
import { z } from "zod";
import { placeFile } from "../../uploads/placement.ts";
import { inOrder, view } from "../view.ts";

export const mediaView = view({
  id: "Media",
  base: Media,
  hidden: ["hasCover", "purpose"],
  parts: [
    {
      name: "addresses",
      adds: z.object({
        url: PublicPath,
        thumbnailUrl: PublicPath,
        hlsUrl: PublicPath,
        dashUrl: PublicPath.nullable(),
        renditions: z.array(Media.shape.renditions.element.extend({ url: PublicPath })),
      }),
      none: (row) => ({
        url: "",
        thumbnailUrl: "",
        hlsUrl: "",
        dashUrl: null,
        renditions: row.renditions.map((r) => ({ ...r, url: "" })),
      }),
      async of(rows, { client, call }) {
        const { items } = await client(streaming).links(
          {
            items: rows
              .filter(({ kind }) => kind !== "image")
              .map(({ id, hasCover, status, renditions }) => ({
                scope: "media",
                id,
                generation: 0,
                isPublic: false,
                hasCover,
                isPlayable: status === "ready",
                allowDownload: true,
                profiles: renditions.map(({ profile }) => profile),
              })),
          },
          call,
        );
        const links = inOrder(
          rows,
          (row) => row.id,
          items,
          (item) => item.id,
        );
        return rows.map((row, place) => {
          const link = links[place];
          if (row.kind === "image") {
            const picture = `/api/v1/media/${row.id}/picture`;
            return { url: picture, thumbnailUrl: picture, hlsUrl: "", dashUrl: null, renditions: [] };
          }
          return (
            link && {
              url: link.downloadUrl ?? "",
              thumbnailUrl: link.coverUrl,
              hlsUrl: link.hlsUrl,
              dashUrl: link.dashUrl || null,
              renditions: row.renditions.map((r) => ({
                ...r,
                url: link.renditions.find(({ profile }) => profile === r.profile)?.url ?? "",
              })),
            }
          );
        });
      },
    },
  ],
});

/** A finished upload, and where it went. */
export const finishedView = view({
  id: "FinishedUpload",
  base: Finished,
  parts: [
    {
      name: "placed",
      adds: z.object({ mediaId: Id.nullable(), entryId: Id.nullable() }),
      none: () => ({ mediaId: null, entryId: null }),
      of: (rows, { client, call }) =>
        Promise.all(rows.map(({ fileId, purpose }) => placeFile(client, { id: fileId, purpose }, call))),
    },
  ],
});

/** A file or folder of the caller that a search found, as the drive has it; one that is in the trash by now is left out. */
export const foundFileView = view({
  id: "FoundFile",
  base: FoundFile,
  hidden: ["entryId"],
  required: "entry",
  parts: [
    {
      name: "entry",
      adds: z.object(PlacedEntry.shape),
      none: () => ({}),
      async of(rows, { client, call }) {
        const { items } = await client(drive).placed({ ids: rows.map(({ entryId }) => entryId) }, call);
        return inOrder(
          rows,
          (row) => row.entryId,
          items,
          (item) => item.id,
        );
      },
    },
  ],
});
