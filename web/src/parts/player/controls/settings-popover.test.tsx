import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor, within } from "@testing-library/react";
import { createRef, useState } from "react";
import { showPage } from "#testing/page.tsx";
import type { Player } from "../use-player.ts";
import { SettingsMenu } from "./settings-menu.tsx";
import { SettingsPopover } from "./settings-popover.tsx";

const qualities = [
  { index: 0, heightPx: 360 },
  { index: 1, heightPx: 720 },
];

/** The settings of a player that keeps what is chosen. */
function Settings() {
  const [state, setState] = useState({ quality: null as number | null, rate: 1 });
  const player = {
    ...state,
    qualities,
    heightPx: 720,
    captions: [],
    caption: null,
    sounds: [],
    sound: -1,
    chooseQuality: (quality) => setState((before) => ({ ...before, quality })),
    setRate: (rate) => setState((before) => ({ ...before, rate })),
  } as Partial<Player> as Player; // The parts of it that a setting reads.
  return (
    <>
      <SettingsMenu portal={createRef<HTMLElement>()} onOpen={() => undefined} preload={() => undefined}>
        {(place) => <SettingsPopover player={player} evenness={null} {...place} />}
      </SettingsMenu>
      <p role="note">{`${state.quality} ${state.rate}`}</p>
    </>
  );
}

async function open() {
  const page = await showPage(<Settings />);
  const button = page.getByRole("button", { name: "Player settings" });
  await page.user.tab();
  await page.user.keyboard("{Enter}");
  await page.findByRole("dialog", { name: "Player settings" });
  /** The page behind is hidden from assistive technology while the menu is open. */
  const chosen = () => page.getByRole("note", { hidden: true }).textContent;
  return { ...page, button, chosen };
}

describe("the settings of a player", () => {
  it("choose a quality by keyboard alone, and lead back to its row", async () => {
    const { user, getByRole, chosen } = await open();
    getByRole("button", { name: /Quality.*720p/ }).focus();
    await user.keyboard("{Enter}");
    await waitFor(() => assert.equal((getByRole("radio", { name: /Auto/ }) as HTMLInputElement).checked, true));
    assert.ok(document.activeElement?.matches("input:checked"));
    await user.keyboard("{ArrowDown}");
    assert.equal(chosen(), "0 1");
    getByRole("button", { name: /Quality/ }).focus();
    await user.keyboard("{Enter}");
    const row = getByRole("button", { name: /Quality.*360p/ });
    assert.ok(document.activeElement === row);
  });

  it("choose a speed by keyboard alone", async () => {
    const { user, getByRole, chosen } = await open();
    getByRole("button", { name: /Speed.*1×/ }).focus();
    await user.keyboard("{Enter}{ArrowDown}{ArrowDown}");
    assert.equal(chosen(), "null 1.5");
  });

  it("close with Escape, and give the focus back to their button", async () => {
    const { user, button, queryByRole } = await open();
    await user.keyboard("{Escape}");
    await waitFor(() => assert.ok(queryByRole("dialog") === null));
    assert.equal(button.getAttribute("aria-expanded"), "false");
    await waitFor(() => assert.ok(document.activeElement === button));
  });

  it("have no row for captions and sounds of a video without a choice of them", async () => {
    const { getByRole } = await open();
    const rows = within(getByRole("dialog")).getAllByRole("button");
    const names = rows.map((row) => /Quality|Speed|Danmaku|Captions|Audio/.exec(row.textContent)?.[0]);
    assert.deepEqual(names.filter(Boolean), ["Quality", "Speed", "Danmaku"]);
  });
});
