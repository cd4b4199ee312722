import type { Call, Client } from "#kernel";
import { sniff, sniffBytesMax } from "#media/sniff";
import { EmptyMedia, FormatOff, type media, UnsupportedMedia } from "#services/media/contract";
import { NotAVideo } from "#services/video/contract";

/** The containers that are not taken now. Where that cannot be asked, the service refuses them later. */
export const containersOff = (client: Client<typeof media>, call: Call): Promise<readonly string[]> =>
  client.formatsOff({}, call).then(
    ({ containers }) => containers,
    () => [],
  );

/** Refuses what is no media, of a container in `off`, or no film where only films are taken, as soon as its first bytes tell. */
export function mediaOnly(off: readonly string[], { isFilmOnly = false }: { readonly isFilmOnly?: boolean } = {}) {
  const head: Buffer[] = [];
  let seen = 0;
  let isKnown = false;
  const decide = () => {
    if (seen === 0) throw EmptyMedia({});
    const found = sniff(Buffer.concat(head));
    if (!found) throw UnsupportedMedia({});
    if (isFilmOnly && !found.mime.startsWith("video/")) throw NotAVideo({});
    // A GIF may be wanted as a picture, which is for the service to say.
    if ("demuxer" in found && !found.mime.startsWith("image/") && off.includes(found.demuxer)) throw FormatOff({});
    isKnown = true;
    head.length = 0;
  };
  return {
    see: (chunk: Buffer): void => {
      seen += chunk.byteLength;
      if (isKnown) return;
      // The chunk's own memory may be gone before it is looked at.
      head.push(Buffer.from(chunk));
      if (seen >= sniffBytesMax) decide();
    },
    end: (): void => {
      if (!isKnown) decide();
    },
  };
}
