import type { Call, Handlers, Host } from "#kernel";
import { auth } from "#services/auth/contract";
import { defaultAccent, defaultTheme, type Theme, themeOf } from "#policy/accent";
import type { Instance, instance } from "./contract.ts";
import { iconPath } from "./icons.ts";
import { initialsIcon } from "./initials.ts";
import type { Settings } from "./settings.ts";
import * as store from "./store.ts";

/** The languages of the interface. */
const interfaceLanguages = ["en", "zh"];

/** The settings in force: those an administrator chose, else those of the configuration. */
export async function settingsInForce(db: store.Db, { name: configuredName }: Pick<Settings, "name">) {
  const stored = await store.settings(db);
  const theme: Theme = (stored?.accent && themeOf(stored.accent)) || defaultTheme;
  return {
    name: stored?.name ?? configuredName,
    description: stored?.description ?? "",
    rules: stored?.rules ?? "",
    contact: stored?.contact ?? "",
    accent: stored?.accent ?? defaultAccent,
    theme,
    languages: stored?.languages ?? interfaceLanguages,
    startPage: stored?.startPage ?? "auto",
    iconVersion: stored?.iconVersion ?? null,
  };
}

/** The public properties of the instance, and the files of its icon. */
export function createProperties({
  db,
  client,
  call: newCall,
  mail,
  settings,
}: Pick<Host<store.Tables, Settings>, "db" | "client" | "call" | "mail" | "settings">): Pick<
  Handlers<typeof instance>,
  "get" | "icon"
> {
  const { uploadBytesMax, version } = settings;
  return {
    async get(_, { traceId, signal, role }: Call): Promise<Instance> {
      const [{ iconVersion, ...inForce }, { email: signUpEmail, ...accounts }] = await Promise.all([
        settingsInForce(db, settings),
        client(auth).instance({}, newCall({ traceId, signal })),
      ]);
      return {
        ...inForce,
        ...accounts,
        signUpEmail,
        iconUrl: iconPath(inForce.name, inForce.theme, iconVersion),
        uploadBytesMax,
        features: ["feed", "upload", ...(mail.isConfigured ? ["mail"] : [])],
        ...(role === "admin" && { version }),
      };
    },

    async icon({ name }) {
      const { name: title, theme, iconVersion } = await settingsInForce(db, settings);
      if (name === "icon.svg" && iconVersion === null)
        return { mime: "image/svg+xml", bytes: Buffer.from(initialsIcon(title, theme.light)) };
      const stored = await store.icon(db, name);
      return stored ? { mime: "image/png", bytes: Buffer.from(stored.bytes) } : {};
    },
  };
}
