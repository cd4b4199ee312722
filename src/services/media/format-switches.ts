import { audited, type Handlers, type Host } from "#kernel";
import type { media } from "./contract.ts";
import type { Formats } from "./formats.ts";
import type { Tables } from "./store.ts";

/** Administrators switch formats off and on. */
export const createFormatSwitches = (
  { emit, now, log }: Pick<Host<Tables>, "emit" | "now" | "log">,
  formats: Formats,
): Pick<Handlers<typeof media>, "formats" | "formatsOff" | "switchFormat"> => ({
  formats: async () => ({ items: await formats.all() }),

  formatsOff: () => formats.off(),

  async switchFormat(change, { userId }) {
    const format = await formats.set(change, (tx) =>
      emit(tx, audited, 1, {
        act: change.isOn ? "format.switched_on" : "format.switched_off",
        detail: `${change.kind} ${change.name}`,
        atMs: now(),
        ...(userId !== undefined && { actorId: userId }),
      }),
    );
    const { kind, name, isOn } = format;
    log.info(isOn ? "files of a format are accepted again" : "files of a format are refused", { kind, name, userId });
    return format;
  },
});
