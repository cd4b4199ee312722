import assert from "node:assert/strict";
import { it } from "node:test";
import { StorageFull, StorageUnavailable } from "#kernel/errors";
import { UploadBusy } from "#services/upload/contract";
import { patiently } from "./patience.ts";

it("the end of an upload is tried again while it cannot be done, and no longer than its patience", async () => {
  const attempts = (errors: readonly Error[]) => {
    let count = 0;
    return async () => {
      const error = errors[count++];
      if (error) throw error;
      return count;
    };
  };
  assert.equal(await patiently(attempts([StorageUnavailable({}), UploadBusy({})])), 3);
  await assert.rejects(patiently(attempts([StorageFull({})])), { code: "kernel.storage_full" });
  await assert.rejects(patiently(attempts([new TypeError("a defect")])), TypeError);
  await assert.rejects(patiently(attempts([StorageUnavailable({})]), 50), { code: "kernel.storage_unavailable" });
});
