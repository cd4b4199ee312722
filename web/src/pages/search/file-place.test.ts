import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { placeOf } from "./file-place.ts";

describe("the place of a found file", () => {
  it("is the folder itself, or the folder that a file is in with the file shown", () => {
    assert.deepEqual(placeOf({ id: 7, kind: "folder", folder_id: 3 }), { to: "/drive/folder/$id", params: { id: 7 } });
    assert.deepEqual(placeOf({ id: 8, kind: "image", folder_id: 3 }), {
      to: "/drive/folder/$id",
      params: { id: 3 },
      search: { show: 8 },
    });
    assert.deepEqual(placeOf({ id: 9, kind: "other", folder_id: null }), { to: "/drive", search: { show: 9 } });
  });
});
