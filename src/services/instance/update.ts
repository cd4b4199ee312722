import { instanceChanged } from "#events/instance";
import { audited, callerOf, type Handlers, type Host } from "#kernel";
import { createSharedCache } from "#kernel/cache/shared";
import { auth } from "#services/auth/contract";
import type { z } from "zod";
import { suggestionFor, themeOf } from "#policy/accent";
import { type instance, LowContrast, siteCache } from "./contract.ts";
import { createIconDrawing, iconPath } from "./icons.ts";
import { settingsInForce } from "./properties.ts";
import type { Settings } from "./settings.ts";
import * as store from "./store.ts";

type Update = z.output<(typeof instance)["methods"]["update"]["input"]>;
/** Names the instance among events, of which those of one key are in order. */
const instanceKey = 1;

/** Changes that administrators make to the settings, and their history. */
export function createUpdate(
  host: Pick<
    Host<store.Tables, Settings>,
    "db" | "blob" | "cache" | "caches" | "emit" | "now" | "nextId" | "client" | "call" | "settings"
  >,
  present: Handlers<typeof instance>["get"],
): Pick<Handlers<typeof instance>, "update" | "history"> {
  const { db, cache, caches, emit, now, nextId, client, settings } = host;
  const site = createSharedCache(cache, caches.declare(siteCache));
  const drawIcons = createIconDrawing(host);

  return {
    async update({ registration, iconUrl, ...input }, call) {
      assertContrast(input.accent);
      const actorId = callerOf(call);
      const before = await settingsInForce(db, settings);
      const isOther =
        iconUrl !== undefined && !iconUrl.endsWith(iconPath(before.name, before.theme, before.iconVersion));
      const icon = isOther && iconUrl !== "" ? await drawIcons(iconUrl, call) : undefined;
      if (registration !== undefined) await client(auth).setRegistration({ registration }, call);
      const fields = Object.keys({ ...input, ...(isOther && { icon: "" }), ...(registration && { registration }) });
      if (fields.length === 0) return present({}, call);
      await db.tx(async (tx) => {
        await store.change(tx, { ...columnsOf(input), ...(isOther && { icon_version: icon?.version ?? null }) });
        if (isOther) await store.setIcons(tx, icon?.files ?? []);
        await store.recordChange(tx, { id: nextId(), actor_id: actorId, fields, created_at_ms: now() });
        await emit(tx, audited, instanceKey, {
          act: "instance.changed",
          actorId,
          detail: fields.join(", "),
          atMs: now(),
        });
        const { name, theme } = await settingsInForce(tx, settings);
        await emit(tx, instanceChanged, instanceKey, { name, theme });
      });
      await site.delete("");
      return present({}, call);
    },

    history: (page) => store.changes(db, page),
  };
}

/** @throws LowContrast with the nearest colour that can be used */
function assertContrast(accent: string | undefined): void {
  if (!accent || themeOf(accent)) return;
  const message = "this colour has too little contrast with one of the themes";
  throw LowContrast({ fields: [{ field: "accent", message, suggestion: suggestionFor(accent) }] });
}

/** The columns of an update; a field that is left out stays. Pure. */
const columnsOf = ({
  accent,
  languages,
  startPage,
  ...texts
}: Omit<Update, "registration" | "iconUrl">): Omit<store.Changes, "icon_version"> => ({
  ...texts,
  ...(accent !== undefined && { accent: accent.toLowerCase() || null }),
  ...(languages !== undefined && { languages: languages.length > 0 ? languages : null }),
  ...(startPage !== undefined && { start_page: startPage }),
});
