import { sniff, sniffBytesMax } from "#media/sniff";
import { EmptyMedia, UnsupportedMedia } from "#services/media/contract";

/** Refuses what is no media as soon as its first bytes tell. */
export function mediaOnly() {
  const head: Buffer[] = [];
  let seen = 0;
  let isKnown = false;
  const decide = () => {
    if (seen === 0) throw EmptyMedia({});
    if (!sniff(Buffer.concat(head))) throw UnsupportedMedia({});
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
