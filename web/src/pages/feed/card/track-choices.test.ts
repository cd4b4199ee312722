import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { captionsIn, qualityAt } from "./track-choices.ts";

const qualities = [
  { index: 0, heightPx: 360 },
  { index: 1, heightPx: 720 },
  { index: 2, heightPx: 1080 },
];

describe("the quality of a video in the feed", () => {
  it("is the player's to choose until the viewer does", () => assert.equal(qualityAt(qualities, null), null));

  it("is the chosen height, or the next lower one that the video has", () => {
    assert.equal(qualityAt(qualities, 720)?.index, 1);
    assert.equal(qualityAt(qualities, 1000)?.index, 1);
    assert.equal(qualityAt(qualities, 2160)?.index, 2);
  });

  it("is the lowest where all are above the chosen one, and automatic where there is none", () => {
    assert.equal(qualityAt(qualities, 240)?.index, 0);
    assert.equal(qualityAt([], 240), null);
  });
});

describe("the captions of a video in the feed", () => {
  const captions = [
    { index: 0, language: "en", label: "English" },
    { index: 1, language: "zh-Hans", label: "简体中文" },
  ];

  it("are those in the language that was chosen, or none", () => {
    assert.equal(captionsIn(captions, "zh-Hans")?.index, 1);
    assert.equal(captionsIn(captions, "ru"), null);
    assert.equal(captionsIn(captions, null), null);
  });
});
