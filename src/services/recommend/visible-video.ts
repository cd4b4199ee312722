import { asViewer, type Call, type Host, type Id } from "#kernel";
import { video, type Video } from "#services/video/contract";

/** A video by its number. @throws VideoNotFound, PasswordNeeded where the caller may not see it */
export type VisibleVideo = (id: Id, call: Call) => Promise<Video>;

export const createVisibleVideo =
  ({ client, call: newCall }: Pick<Host, "client" | "call">): VisibleVideo =>
  (id: Id, call: Call) =>
    client(video).get({ id }, newCall(asViewer(call)));
