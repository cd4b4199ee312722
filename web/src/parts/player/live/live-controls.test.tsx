import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRef } from "react";
import { showPage } from "#testing/page.tsx";
import { LiveControls } from "./live-controls.tsx";
import type { LivePlayer } from "./use-live-player.ts";

const player: LivePlayer = {
  isPlaying: true,
  isWaiting: false,
  hasPicture: true,
  isSilenced: false,
  volume: 1,
  isMuted: false,
  qualities: [],
  quality: null,
  heightPx: 720,
  ratio: 16 / 9,
  delayS: 2.4,
  isAtEdge: true,
  past: null,
  toggle: () => undefined,
  toggleMuted: () => undefined,
  setVolume: () => undefined,
  toEdge: () => undefined,
  goBack: () => undefined,
  chooseQuality: () => undefined,
};

const show = (part: Partial<LivePlayer> = {}) =>
  showPage(
    <LiveControls
      player={{ ...player, ...part }}
      isShown
      isFullscreen={false}
      region={createRef<HTMLElement>()}
      onFullscreen={() => undefined}
      onPip={() => undefined}
      onTheatre={undefined}
      onPinned={() => undefined}
    />,
    { texts: ["live", "room"] },
  );

describe("the controls of a live stream", () => {
  it("say how far behind live the picture is, and lead there", async () => {
    let jumps = 0;
    const first = await show();
    first.getByRole("button", { name: "2.4 s behind live" });
    const { user, getByRole } = await show({ isAtEdge: false, toEdge: () => (jumps += 1) });
    await user.click(getByRole("button", { name: "Go to live" }));
    assert.equal(jumps, 1);
  });

  it("have a seek bar where there is a past, and settings where there are qualities to choose from", async () => {
    const plain = await show();
    assert.ok(plain.queryByRole("slider", { name: /Seek/ }) === null);
    assert.ok(plain.queryByRole("button", { name: "Player settings" }) === null);
    const { getByRole } = await show({
      past: { lengthS: 60, backS: 20 },
      qualities: [
        { index: 0, heightPx: 360 },
        { index: 1, heightPx: 720 },
      ],
    });
    getByRole("slider", { name: /0:20/ });
    getByRole("button", { name: "Player settings" });
  });

  it("pause and mute", async () => {
    const calls: string[] = [];
    const { user, getByRole } = await show({
      toggle: () => calls.push("toggle"),
      toggleMuted: () => calls.push("mute"),
    });
    await user.click(getByRole("button", { name: "Pause" }));
    await user.click(getByRole("button", { name: "Mute" }));
    assert.deepEqual(calls, ["toggle", "mute"]);
  });
});
