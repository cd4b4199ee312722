import type { Operations } from "#base/api/types.ts";

/** How a timed comment looks that one says. */
export interface Look {
  readonly mode: NonNullable<Operations["interaction.sayAt"]["body"]["mode"]>;
  readonly color: (typeof colors)[number]["name"];
}

export const modes = ["scroll", "top", "bottom"] as const satisfies readonly Look["mode"][];
export const colors = [
  { name: "white", value: 0xffffff },
  { name: "red", value: 0xff5252 },
  { name: "yellow", value: 0xffd740 },
  { name: "green", value: 0x69f0ae },
  { name: "blue", value: 0x40c4ff },
  { name: "purple", value: 0xe040fb },
] as const;

export const colorValue = (color: Look["color"]): number =>
  (colors.find(({ name }) => name === color) ?? colors[0]).value;
