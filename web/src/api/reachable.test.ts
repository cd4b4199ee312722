import assert from "node:assert/strict";
import { it } from "node:test";
import { fileOf } from "./reachable.ts";

it("a component's file has its name", () => {
  assert.deepEqual(["OpenMenu", "SaveToPlaylist", "Tray"].map(fileOf), ["open-menu", "save-to-playlist", "tray"]);
});
