import type { Call, Client } from "#kernel";
import { sniff, sniffBytesMax } from "#media/sniff";
import { EmptyMedia, FormatOff, type media, UnsupportedMedia } from "#services/media/contract";
import { NotAVideo } from "#services/video/contract";

/** The containers that are disabled now; empty where the service cannot be asked, which then refuses them later. */
export const disabledContainers = (client: Client<typeof media>, call: Call): Promise<readonly string[]> =>
  client.formatsOff({}, call).then(
    ({ containers }) => containers,
    () => [],
  );

/** Rejects bytes that are no media, a disabled container, or no video where only videos are accepted, by their first bytes. */
export interface MediaCheck {
  readonly inspect: (chunk: Buffer) => void;
  readonly end: () => void;
}

export function createMediaCheck(
  disabled: readonly string[],
  { isVideoOnly = false }: { readonly isVideoOnly?: boolean } = {},
): MediaCheck {
  const head: Buffer[] = [];
  let inspectedBytes = 0;
  let isDecided = false;
  const decide = () => {
    if (inspectedBytes === 0) throw EmptyMedia({});
    const format = sniff(Buffer.concat(head));
    if (!format) throw UnsupportedMedia({});
    if (isVideoOnly && !format.mime.startsWith("video/")) throw NotAVideo({});
    // A GIF may be uploaded as a picture: the service decides.
    if ("demuxer" in format && !format.mime.startsWith("image/") && disabled.includes(format.demuxer))
      throw FormatOff({});
    isDecided = true;
    head.length = 0;
  };
  return {
    inspect: (chunk: Buffer): void => {
      inspectedBytes += chunk.byteLength;
      if (isDecided) return;
      // A copy: the memory of the chunk may be reused before the decision.
      head.push(Buffer.from(chunk));
      if (inspectedBytes >= sniffBytesMax) decide();
    },
    end: (): void => {
      if (!isDecided) decide();
    },
  };
}
