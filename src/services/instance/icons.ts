import { createHash } from "node:crypto";
import type { Call, Host } from "#kernel";
import { bytesOf } from "#kernel/blob/object-bytes";
import { drawnIcons, type IconFile } from "#media/pictures/icon";
import { MediaRejected } from "#media/rejection";
import { media, UnreadablePicture } from "#services/media/contract";
import type { Theme } from "#policy/accent";
import { IconNotFound, productName } from "./contract.ts";
import { initialsIcon } from "./initials.ts";

const picturePath = /^(?:https?:\/\/[^/]+)?\/api\/v1\/media\/(\d{1,16})\/picture(?:[?#].*)?$/i;

/** The icon files of a picture that the caller uploaded. The instance has its own bytes: they outlive the account. */
export const createIconDrawing =
  ({ client, call: newCall, blob }: Pick<Host, "client" | "call" | "blob">) =>
  /** @throws IconNotFound, UnreadablePicture */
  async (url: string, call: Call): Promise<{ readonly version: string; readonly files: readonly IconFile[] }> => {
    const id = Number(picturePath.exec(url)?.[1]);
    if (!Number.isSafeInteger(id) || id < 1) throw IconNotFound({});
    const { traceId, signal, userId } = call;
    const { items } = await client(media).briefs({ ids: [id] }, newCall({ traceId, signal }));
    const ownPicture = items.find((item) => item.id === id && item.userId === userId);
    if (!ownPicture) throw IconNotFound({});
    if (ownPicture.kind !== "image") throw UnreadablePicture({});
    const { key } = await client(media).picture({ id }, call);
    const bytes = await bytesOf(blob, key);
    if (!bytes) throw IconNotFound({});
    const files = await drawnIcons(bytes).catch((error: unknown) => {
      throw error instanceof MediaRejected ? UnreadablePicture({}, error) : error;
    });
    return { version: versionOf(bytes), files };
  };

const folder = "/api/v1/instance/icons";

/** The path of the icon: uploaded, the program's own, or the initials of the name. Pure. */
export function iconPath(name: string, theme: Theme, iconVersion: string | null): string {
  if (iconVersion !== null) return `${folder}/icon-512.png?v=${iconVersion}`;
  if (name === productName) return "/icon.svg";
  return `${folder}/icon.svg?v=${versionOf(initialsIcon(name, theme.light))}`;
}

/** Names content, so that a changed icon has another address. */
const versionOf = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex").slice(0, 12);
