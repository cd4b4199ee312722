import type { BlobStore, Call } from "#kernel";
import type { HttpRequest } from "#kernel/http/port";
import { firstCharacters } from "#kernel/text";
import { media } from "#services/media/contract";
import { UploadTooLarge, upload } from "#services/upload/contract";
import { video } from "#services/video/contract";
import type { ClientOf } from "../../client-of.ts";
import { type Fields, type Incoming, readForm } from "../../uploads/form.ts";
import { createMediaCheck } from "../../uploads/media-check.ts";
import { discardRejected, storeBytes, type StoredBytes } from "../../uploads/stored-bytes.ts";
import { transmittableName, type Uploads } from "../../uploads/uploads.ts";
import { isWholeForm, mergeParameters, type Parameters } from "../parameters.ts";
import type { Endpoints, Handler, Handlers } from "./endpoints.ts";
import { successOf } from "./envelope.ts";

interface PublicationParts {
  readonly client: ClientOf;
  readonly blob: BlobStore;
  readonly uploads: Uploads;
  readonly fileBytesMax: number;
}
interface ReceivedVideo {
  readonly title: string;
  readonly filename: string;
  readonly bytes: StoredBytes;
}

/** Long enough for any upload over any connection. */
const waitMs = 12 * 3_600_000;
/** The limit for a file that comes before the token of its sender. */
const anonymousBytesMax = 256 * 2 ** 20;
const titleMax = 200;

const hasToken = ({ headers }: HttpRequest, { token }: Parameters): boolean =>
  token !== undefined || headers.authorization !== undefined;

/** Publishes the video of a form, whose other fields may come before or behind the file. */
export function createPublicationHandlers(parts: PublicationParts, endpoints: Endpoints): Handlers {
  const { uploads } = parts;
  const publish: Handler = async (route, request, reply) => {
    const admit = (parameters: Parameters) => endpoints.admit(route, request, reply, parameters, waitMs);
    const query = mergeParameters({}, request.query);
    let call = hasToken(request, query) ? await admit(query) : undefined;
    const admitOnce = async (fields: Fields) => (call ??= await admit(mergeParameters(fields, request.query)));
    if (!isWholeForm(request)) await admitOnce({});
    const receive = async (incoming: Incoming, filename: string, before: Fields) => {
      if (!call && hasToken(request, mergeParameters(before, request.query))) await admitOnce(before);
      if (!call) await endpoints.countAddress(route, request);
      return { filename, bytes: await uploads.track(storeVideo(parts, incoming, call !== undefined)) };
    };
    const { fields, file } = await readForm(request, ["data"], receive, admitOnce);
    const { bytes, filename } = file;
    try {
      const caller = await admitOnce(fields);
      const title = firstCharacters(mergeParameters(fields, request.query)["title"] ?? "", titleMax + 1);
      await publishVideo(parts.client, { title, filename, bytes }, caller);
    } catch (error) {
      await discardRejected(parts.blob, bytes.pieces, error);
      throw error;
    }
    return successOf();
  };
  return { publish };
}

async function storeVideo(
  { blob, fileBytesMax }: PublicationParts,
  incoming: Incoming,
  isAdmitted: boolean,
): Promise<StoredBytes> {
  const bytesMax = isAdmitted ? fileBytesMax : Math.min(anonymousBytesMax, fileBytesMax);
  const check = createMediaCheck([], { isVideoOnly: true });
  const tooLarge = () => UploadTooLarge({ bytesMax });
  const stored = await storeBytes(incoming, blob, { bytesMax, tooLarge, inspect: check.inspect });
  try {
    check.end();
  } catch (error) {
    await discardRejected(blob, stored.pieces, error);
    throw error;
  }
  return stored;
}

async function publishVideo(client: ClientOf, { title, filename, bytes }: ReceivedVideo, call: Call): Promise<void> {
  const uploads = client(upload);
  const { pieces, digests, sizeBytes } = bytes;
  const opened = await uploads.open({ endpoint: "form", name: transmittableName(filename), sizeBytes }, call);
  const { id } = opened.session;
  const file = await uploads
    .finish({ id, pieces: [...pieces], known: digests, sizeBytes }, call)
    .catch(async (error: unknown) => {
      // A failure to give the reservation back must not hide why it failed; the sweeper gives it back as well.
      await uploads.abandon({ id }, { ...call, signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
      throw error;
    });
  const { id: mediaId } = await client(media).upload({ fileId: file.id }, call);
  await client(video).post({ mediaId, title }, call);
}
