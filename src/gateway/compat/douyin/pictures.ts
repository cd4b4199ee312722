import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Handler, Handlers } from "./endpoints.ts";

/** A placeholder for a picture that does not exist. */
function picture(name: "avatar" | "cover"): Handler {
  const bytes = readFileSync(join(import.meta.dirname, `${name}.png`));
  return async (_route, _request, reply) =>
    reply.type("image/png").headers({ "cache-control": "public, max-age=86400" }).send(bytes);
}

export const pictureHandlers: Handlers = { avatar: picture("avatar"), cover: picture("cover") };
