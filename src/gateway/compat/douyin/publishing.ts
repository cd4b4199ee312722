import type { BlobStore, Call, Client, Contract } from "#kernel";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { firstCharacters } from "#kernel/text";
import { media } from "#services/media/contract";
import { UploadTooLarge, upload } from "#services/upload/contract";
import { video } from "#services/video/contract";
import type { RawRoute } from "../../raw-route.ts";
import { type Fields, type Incoming, readForm } from "../../uploads/form.ts";
import { dropRefused, type Kept, kept } from "../../uploads/kept.ts";
import { mediaOnly } from "../../uploads/media-only.ts";
import { type Uploads, writable } from "../../uploads/uploads.ts";
import { isWholeForm, merged, type Parameters } from "../parameters.ts";

interface PublishingParts {
  readonly client: <C extends Contract>(c: C) => Client<C>;
  readonly blob: BlobStore;
  readonly uploads: Uploads;
  readonly fileBytesMax: number;
  /** @throws BadToken where nobody is said to ask, RateLimited */
  readonly begin: (route: RawRoute, request: HttpRequest, reply: HttpReply, given: Parameters) => Promise<Call>;
  /** Counts a request of somebody who has not said yet who they are. @throws RateLimited */
  readonly count: (route: RawRoute, request: HttpRequest) => Promise<void>;
}

/** What is taken of somebody who says behind their file who they are. */
const strangersBytesMax = 256 * 2 ** 20;
const titleMax = 200;

/** Takes a film in a form, whose fields may stand before or behind it, and publishes it. */
export function publishing({ client, blob, uploads, fileBytesMax, begin, count }: PublishingParts) {
  const engine = client(upload);

  async function take(incoming: Incoming, isKnown: boolean): Promise<Kept> {
    const bytesMax = isKnown ? fileBytesMax : Math.min(strangersBytesMax, fileBytesMax);
    const look = mediaOnly([], { isFilmOnly: true });
    const tooLarge = () => UploadTooLarge({ bytesMax });
    const taken = await kept(incoming, blob, { bytesMax, tooLarge, look: look.see });
    try {
      look.end();
    } catch (error) {
      const names = taken.pieces.map(({ name }) => name);
      await dropRefused(blob, names, error);
      throw error;
    }
    return taken;
  }

  return async (route: RawRoute, request: HttpRequest, reply: HttpReply): Promise<void> => {
    const isNamed = (given: Parameters) => given["token"] !== undefined || request.headers.authorization !== undefined;
    const query = merged({}, request.query);
    let call = isNamed(query) ? await begin(route, request, reply, query) : undefined;
    const name = async (fields: Fields) => (call ??= await begin(route, request, reply, merged(fields, request.query)));
    if (!isWholeForm(request)) await name({});
    const film = async (incoming: Incoming, filename: string, before: Fields) => {
      if (!call && isNamed(merged(before, request.query))) await name(before);
      if (!call) await count(route, request);
      return { filename, bytes: await uploads.during(take(incoming, call !== undefined)) };
    };
    const { fields, taken } = await readForm(request, ["data"], film, name);
    const { bytes, filename } = taken;
    try {
      const given = merged(fields, request.query);
      const asked = await name(fields);
      const title = firstCharacters(given["title"] ?? "", titleMax + 1);
      await publish(asked, { title, filename, bytes });
    } catch (error) {
      const names = bytes.pieces.map(({ name }) => name);
      await dropRefused(blob, names, error);
      throw error;
    }
  };

  async function publish(call: Call, { title, filename, bytes }: { title: string; filename: string; bytes: Kept }) {
    const { pieces, known, sizeBytes } = bytes;
    const opened = await engine.open({ door: "form", name: writable(filename), sizeBytes }, call);
    const { id } = opened.session;
    const file = await engine
      .finish({ id, pieces: [...pieces], known, sizeBytes }, call)
      .catch(async (error: unknown) => {
        // Giving the reservation back must not hide why it failed; the sweeper gives it back as well.
        await engine.abandon({ id }, { ...call, signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
        throw error;
      });
    const { id: mediaId } = await client(media).upload({ fileId: file.id }, call);
    await client(video).post({ mediaId, title }, call);
  }
}
