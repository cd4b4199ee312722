import type { Page } from "playwright-core";

/** A file of the queue as the page keeps it. */
export interface StoredUpload {
  readonly status: string;
  readonly headHash: string | null;
  readonly details: { readonly draft: { readonly coverUrl: string | null } };
}

/** The videos of the upload queue as the page keeps them on the device. */
export const storedUploads = (page: Page): Promise<StoredUpload[]> =>
  page.evaluate(`new Promise((resolve, reject) => {
    const opening = indexedDB.open("kinora-queue", 2);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const reading = database.transaction("items").objectStore("items").getAll();
      reading.onsuccess = () => {
        database.close();
        resolve(reading.result.map(({ item }) => item).filter(({ kind }) => kind === "video"));
      };
    };
  })`);
