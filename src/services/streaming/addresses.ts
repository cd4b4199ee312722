import { asViewer, type Call, type Handlers, type Host, type Id, KinoraError } from "#kernel";
import { video } from "#services/video/contract";
import type { z } from "zod";
import { locked, type StreamAccess } from "./access.ts";
import { StreamNotFound, type streaming } from "./contract.ts";
import { bytesPath, coverFile, manifestPath, masterPath } from "./paths.ts";
import { type Scope, tokenEndMs } from "./tokens.ts";

type LinkInput = z.output<(typeof streaming)["methods"]["links"]["input"]>["items"][number];

/** The public addresses of content. */
export function createAddresses(
  { now, client, call: newCall }: Pick<Host, "now" | "client" | "call">,
  { accessOf, placeOf }: Pick<StreamAccess, "accessOf" | "placeOf">,
  cdnOrigin: string | undefined,
): Pick<Handlers<typeof streaming>, "address" | "mediaAddress" | "links"> {
  /** Why there is no address: a player learns that a password is needed, or what opens the gate. */
  async function refusalOf(scope: Scope, id: Id, call: Call): Promise<KinoraError> {
    if (scope === "media") return StreamNotFound({});
    const error = await client(video)
      .playable({ id }, newCall(asViewer(call)))
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    return error instanceof KinoraError && locked.has(error.code) ? error : StreamNotFound({});
  }

  async function addressOf(scope: Scope, id: Id, call: Call) {
    const access = await accessOf(scope, id, call, call);
    if (!access) throw await refusalOf(scope, id, call);
    const place = placeOf({ scope, id }, access, call);
    const expiresAtMs = place.token === undefined ? null : tokenEndMs(now());
    return { hlsUrl: masterPath(place), dashUrl: manifestPath(place), expiresAtMs };
  }

  function linksOf(item: LinkInput, call: Call) {
    const { scope, id, generation, isPublic, isPlayable, isGranted, coverMediaId } = item;
    const place = placeOf({ scope, id }, { generation, isPublic, isGranted }, call);
    const publicPath = (file: string) => (isPublic && cdnOrigin ? cdnOrigin : "") + bytesPath(place, file);
    const hlsUrl = isPlayable ? masterPath(place) : "";
    const chosenCover = coverMediaId === undefined ? undefined : coverFile(coverMediaId);
    const cover = chosenCover ?? (item.hasCover ? "cover.jpg" : undefined);
    const hasSource = scope === "media" || isPlayable;
    return {
      id,
      hlsUrl,
      dashUrl: isPlayable ? manifestPath(place) : "",
      videoUrl: hlsUrl,
      coverUrl: cover === undefined ? "" : publicPath(cover),
      downloadUrl: hasSource && item.allowDownload ? bytesPath(place, "source") : null,
      renditions: item.profiles.map((profile) => ({ profile, url: publicPath(`${profile}.mp4`) })),
      extras: item.extras.map((name) => ({ name, url: publicPath(name) })),
    };
  }

  return {
    address: ({ id }, call) => addressOf("video", id, call),
    mediaAddress: ({ id }, call) => addressOf("media", id, call),
    links: async ({ items }, call) => ({ items: items.map((item) => linksOf(item, call)) }),
  };
}
