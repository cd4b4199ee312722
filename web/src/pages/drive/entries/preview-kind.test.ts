import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { previewOf } from "./preview-kind.ts";

describe("the preview of a file", () => {
  it("follows the media kind that the server detected", () => {
    assert.equal(previewOf({ kind: "video", mime: "video/mp4", name: "a.txt" }), "video");
    assert.equal(previewOf({ kind: "image", mime: "image/png", name: "a" }), "image");
    assert.equal(previewOf({ kind: "video", mime: "image/gif", name: "a.gif" }), "image");
    assert.equal(previewOf({ kind: "audio", mime: "audio/mpeg", name: "a.mp3" }), "audio");
  });

  it("is text for text files, including HTML, SVG and source code", () => {
    for (const name of ["a.md", "page.html", "drawing.svg", "script.js", "A.LOG"])
      assert.equal(previewOf({ kind: "other", mime: "application/octet-stream", name }), "text", name);
    assert.equal(previewOf({ kind: "image", mime: "image/svg+xml", name: "drawing.svg" }), "text");
  });

  it("is none for binary formats, TIFF images, names without an extension, and folders", () => {
    for (const name of ["a.pdf", "a.exe", "a.zip", "README"])
      assert.equal(previewOf({ kind: "other", mime: "application/octet-stream", name }), null, name);
    assert.equal(previewOf({ kind: "image", mime: "image/tiff", name: "a.tif" }), null);
    assert.equal(previewOf({ kind: "folder", mime: "", name: "notes.txt" }), null);
  });
});
