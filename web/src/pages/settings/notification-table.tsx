import { Switch } from "react-aria-components/Switch";
import { useTranslation } from "react-i18next";
import type { Operations } from "#base/api/types.ts";
import { SwitchKnob } from "#base/ui/buttons/switch-knob.tsx";
import { classNames } from "#base/ui/class-names.ts";

type Settings = Operations["message.settings"]["answer"];
export type Change = Operations["message.setSettings"]["body"];

const noticed = ["like", "comment", "reply", "mention", "comment_like", "follow", "published"] as const;
/** Events that are over before a mail is read are not mailed. */
const siteKinds = [...noticed, "live"] as const;
const kinds = [...siteKinds, "account", "message"] as const;
const places = ["site", "mail", "push"] as const;
type Kind = (typeof kinds)[number];
type Place = (typeof places)[number];

const isOnSite = (kind: Kind): kind is (typeof siteKinds)[number] => siteKinds.some((siteKind) => siteKind === kind);

/** The switch of a kind at a place: whether it is on, and the change that switches it; none where it cannot be. */
function switchOf(
  settings: Settings,
  kind: Kind,
  place: Place,
): { isOn: boolean; to: (isOn: boolean) => Change } | null {
  if (place === "push") return { isOn: settings.push[kind], to: (isOn) => ({ push: { [kind]: isOn } }) };
  if (kind === "message") return null;
  if (place === "mail")
    return kind === "live" ? null : { isOn: settings.mail[kind], to: (isOn) => ({ mail: { [kind]: isOn } }) };
  return isOnSite(kind) ? { isOn: settings[kind], to: (isOn) => ({ [kind]: isOn }) } : null;
}

interface NotificationTableProps {
  settings: Settings;
  hasMail: boolean;
  onChange: (change: Change) => void;
}

/** The kinds of notifications, and where each of them goes. */
export function NotificationTable({ settings, hasMail, onChange }: NotificationTableProps) {
  const { t } = useTranslation();
  return (
    <table className="w-full border-collapse">
      <thead>
        <tr className="text-xs text-soft">
          <th scope="col" className="py-2 text-start font-medium">
            {t("notice.about")}
          </th>
          {places.map((place) => (
            <th key={place} scope="col" className="w-14 py-2 text-center font-medium sm:w-20">
              {t(`notice.place.${place}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {kinds.map((kind) => (
          <tr key={kind} className="border-t border-line">
            <th scope="row" id={`notice-${kind}`} className="py-1 pe-2 text-start text-sm font-medium">
              {t(`notice.set.${kind}`)}
            </th>
            {places.map((place) => {
              const kindSwitch = switchOf(settings, kind, place);
              return (
                <td key={place} className="text-center align-middle text-xs text-soft">
                  {kindSwitch === null ? (
                    t(place === "site" ? "notice.always" : "notice.never")
                  ) : (
                    <Switch
                      // The first is the kind itself; the others are what it does besides, described by it.
                      {...(place === "site"
                        ? { "aria-label": t(`notice.set.${kind}`) }
                        : { "aria-label": t(`notice.place.${place}`), "aria-describedby": `notice-${kind}` })}
                      isSelected={kindSwitch.isOn}
                      isDisabled={place === "mail" && !hasMail}
                      onChange={(isOn) => onChange(kindSwitch.to(isOn))}
                      className={classNames(
                        "group mx-auto grid size-11 place-items-center",
                        place === "mail" && !hasMail ? "opacity-40" : "cursor-pointer",
                      )}
                    >
                      <SwitchKnob />
                    </Switch>
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
