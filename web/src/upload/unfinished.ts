/** The upload of the publish page that is not finished, remembered over a reload. */
const key = "kinora.unfinished";

interface Unfinished {
  name: string;
  sizeBytes: number;
  modifiedMs: number;
  headHash: string;
  url: string;
}

type Like = Pick<File, "name" | "size" | "lastModified">;

/** Whether a file is the one that was being sent, by all that is seen from outside. Pure. */
export const isLike = (file: Like, kept: Pick<Unfinished, "name" | "sizeBytes" | "modifiedMs">): boolean =>
  file.name === kept.name && file.size === kept.sizeBytes && file.lastModified === kept.modifiedMs;

/** Where this very file was being sent; `null` where it is another, or nothing is known. */
export async function unfinishedOf(file: File, headHashOf: (file: Blob) => Promise<string>): Promise<string | null> {
  const storedUpload = parseUnfinished(localStorage.getItem(key));
  if (storedUpload === null || !isLike(file, storedUpload)) return null;
  const isSame = (await headHashOf(file).catch(() => "")) === storedUpload.headHash;
  return isSame ? storedUpload.url : null;
}

/** Remembers where a file is being sent. */
export function keepUnfinished(file: File, url: string, headHashOf: (file: Blob) => Promise<string>): void {
  localStorage.removeItem(key);
  headHashOf(file).then(
    (headHash) => {
      const record: Unfinished = {
        name: file.name,
        sizeBytes: file.size,
        modifiedMs: file.lastModified,
        headHash,
        url,
      };
      if (current === url) localStorage.setItem(key, JSON.stringify(record));
    },
    // Without the hash it is not resumed after a reload, and sent anew.
    () => undefined,
  );
  current = url;
}
let current: string | null = null;

/** Forgets it; the address it had, where there was one. */
export function forgetUnfinished(): string | null {
  const url = current ?? parseUnfinished(localStorage.getItem(key))?.url ?? null;
  current = null;
  localStorage.removeItem(key);
  return url;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** The stored upload, checked: an older version or a curious user may have changed it. */
export function parseUnfinished(text: string | null): Unfinished | null {
  const stored = parse(text);
  if (!isObject(stored)) return null;
  const { name, sizeBytes, modifiedMs, headHash, url } = stored;
  if (typeof name !== "string" || typeof sizeBytes !== "number" || typeof modifiedMs !== "number") return null;
  if (typeof headHash !== "string" || typeof url !== "string" || !/^\/api\/v1\/tus\/\d+$/.test(url)) return null;
  return { name, sizeBytes, modifiedMs, headHash, url };
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}
