import type { Method } from "#kernel";
import { upload } from "#services/upload/contract";

/** A second, shorter path of a method; a page of the web app may have it too. */
export const shortFormOf = (method: Method): string | undefined =>
  (method as unknown) === upload.methods.send ? "/upload" : undefined; // Compared by identity alone.
