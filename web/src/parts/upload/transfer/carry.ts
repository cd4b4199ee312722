import { dropUpload, type Made, sendFile } from "#base/api/request/sending.ts";
import { hashOf } from "./hashing.ts";
import { instantBytesMin, takeInstantly } from "./instant.ts";

type Sending = Parameters<typeof sendFile>[0];

interface Carried extends Omit<Sending, "file" | "beforeLast"> {
  file: File;
  /** SHA-256 of the file, where it is known from an earlier try. */
  sha256: string | null;
  onHash: (sha256: string) => void;
}

/**
 * Brings a file to the server. It begins to send immediately and hashes beside. If the hash is known before half of the
 * file is sent, it asks whether the server has the content already. Whichever is first, one file is made.
 */
export async function carry(carried: Carried): Promise<Made> {
  const { file, name, to, signal } = carried;
  let url = carried.url;
  let sentBytes = 0;
  const outcome: { made: Made | null } = { made: null };
  let isEnding = false;
  let asking: Promise<unknown> = Promise.resolve();
  const placed = Promise.withResolvers<void>();
  const sending = new AbortController();
  const stop = () => sending.abort();
  signal.addEventListener("abort", stop);

  const askFor = async (sha256: string) => {
    if (isEnding || sentBytes > file.size / 2 || sending.signal.aborted) return;
    outcome.made = await takeInstantly(file, name, to, sha256);
    if (outcome.made !== null) sending.abort();
  };
  const hash = async () => {
    const sha256 = carried.sha256 ?? (await hashOf(file, sending.signal));
    carried.onHash(sha256);
    // Not before the server said how far it is: what a request that was broken off brought may be all of the file.
    await placed.promise;
    asking = askFor(sha256);
    await asking;
  };
  if (signal.aborted) throw new DOMException("cancelled", "AbortError");
  if (file.size >= instantBytesMin) hash().catch(() => undefined);
  try {
    return await sendFile({
      ...carried,
      signal: sending.signal,
      onUrl: (address) => {
        url = address;
        carried.onUrl(address);
      },
      onProgress: (bytes) => {
        sentBytes = bytes;
        placed.resolve();
        carried.onProgress(bytes);
      },
      // Both ways would make a file each.
      beforeLast: async () => {
        for (let waited: unknown; waited !== asking; ) {
          waited = asking;
          await asking;
        }
        isEnding = true;
      },
    });
  } catch (thrown) {
    // A proven file is made, also when the sending was stopped meanwhile.
    await asking.catch(() => undefined);
    if (outcome.made === null) throw thrown;
    if (url !== null) dropUpload(url);
    return outcome.made;
  } finally {
    signal.removeEventListener("abort", stop);
    sending.abort();
  }
}
