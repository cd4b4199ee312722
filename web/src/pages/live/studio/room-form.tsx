import { ImageUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { uploadPicture } from "#base/api/picture.ts";
import type { Live } from "#base/api/types.ts";
import { useMe } from "#base/api/queries.ts";
import { formatNumber } from "#base/format/format.ts";
import { localText } from "#base/format/local-time.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Toggle } from "#base/ui/buttons/choice.tsx";
import { CategorySelect } from "#base/ui/fields/category-select.tsx";
import { ChooseImage } from "#base/ui/fields/choose-image.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { VideoPassword } from "#base/ui/fields/video-password.tsx";
import { VisibilitySelect } from "#base/ui/fields/visibility-select.tsx";
import { WhenField } from "#base/ui/fields/when-field.tsx";
import { lazyPart } from "#base/ui/loading/lazy-part.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { hasTerm } from "#parts/gates/gate-draft.ts";
import { hasPasswordOf, type RoomDraft, type RoomMissing, titleMax } from "./room-draft.ts";

const GateEditor = lazyPart(() => import("#parts/gates/gate-editor.tsx"), "GateEditor", { texts: ["gates"] });
const InvitedPeople = lazyPart(() => import("#parts/gates/invited-people.tsx"), "InvitedPeople", { texts: ["gates"] });

interface RoomFormProps {
  draft: RoomDraft;
  onChange: (part: Partial<RoomDraft>) => void;
  missing: readonly RoomMissing[];
  /** The room, once it is there. */
  live: Live | null;
}

const hourMs = 3_600_000;

/** The public description of a room, and its visibility. */
export function RoomForm({ draft, onChange, missing, live }: RoomFormProps) {
  const { t, i18n } = useTranslation();
  const followers = useMe()?.follower_count ?? 0;
  return (
    <div className="flex flex-col gap-4">
      <div data-field="title">
        <Field
          label={t("upload.field.title")}
          name="title"
          value={draft.title}
          onChange={(title) => onChange({ title })}
          charactersMax={titleMax}
          hasCount
          isRequired
          problem={missing.includes("title") ? t("live.form.titleMissing") : null}
        />
      </div>
      <Field
        label={t("upload.field.description")}
        name="description"
        value={draft.description}
        onChange={(description) => onChange({ description })}
        charactersMax={1000}
        rows={2}
      />
      <CoverField cover={draft.cover} onChange={(cover) => onChange({ cover })} />
      <CategorySelect value={draft.categoryId} onChange={(categoryId) => onChange({ categoryId })} />
      <VisibilitySelect value={draft.visibility} onChange={(visibility) => onChange({ visibility })} />
      {draft.visibility === "password" && (
        <div data-field="password">
          <VideoPassword
            label={t("live.form.password")}
            value={draft.password}
            onChange={(password) => onChange({ password })}
            isKept={live?.visibility === "password"}
            isMissing={missing.includes("password")}
          />
        </div>
      )}
      {draft.visibility === "gated" && <RoomGate {...{ draft, onChange, missing, live }} />}
      <div>
        <Toggle
          label={t("live.form.keep")}
          text={t("live.form.keep.text")}
          isOn={draft.keepsRecording}
          onChange={(keepsRecording) => onChange({ keepsRecording })}
        />
        <Toggle
          label={t("live.form.notify")}
          {...(followers > 0 && {
            text: t("live.form.notify.text", { count: followers, formatted: formatNumber(followers, i18n.language) }),
          })}
          isOn={draft.notifiesFollowers}
          onChange={(notifiesFollowers) => onChange({ notifiesFollowers })}
        />
        <Toggle
          label={t("live.form.schedule")}
          text={t("live.form.schedule.text")}
          isOn={draft.isScheduled}
          onChange={(isScheduled) =>
            onChange({
              isScheduled,
              ...(draft.scheduledAt === "" && { scheduledAt: localText(Date.now() + hourMs) }),
            })
          }
        />
      </div>
      {draft.isScheduled && (
        <div data-field="time">
          <WhenField
            label={t("live.form.at")}
            value={draft.scheduledAt}
            onChange={(scheduledAt) => onChange({ scheduledAt })}
            problem={missing.includes("time") ? t("publish.past") : null}
          />
        </div>
      )}
    </div>
  );
}

/** The rule of a locked room, and the people who are invited to it. */
function RoomGate({ draft, onChange, missing, live }: RoomFormProps) {
  const hasInvited = live?.gate !== undefined && hasTerm(live.gate, "invited");
  return (
    <div data-field="gate" className="flex flex-col gap-4">
      <GateEditor
        draft={draft.gate}
        onChange={(gate) => onChange({ gate })}
        password={draft.password}
        onPassword={(password) => onChange({ password })}
        isPasswordKept={live?.visibility === "gated" && hasPasswordOf(live)}
        isIncomplete={missing.includes("gate")}
      />
      {hasInvited && <InvitedPeople thing={{ kind: "live", id: live.id }} />}
    </div>
  );
}

/** The picture of the room. */
function CoverField({ cover, onChange }: { cover: string; onChange: (cover: string) => void }) {
  const { t } = useTranslation();
  const {
    run: choose,
    isBusy,
    problem,
  } = useAction(async (file: File) => {
    onChange((await uploadPicture(file, "cover")).url);
  });
  return (
    <div role="group" aria-label={t("live.form.cover")} className="flex flex-col gap-1.5">
      <span className="text-sm font-medium">{t("live.form.cover")}</span>
      {cover !== "" && <img src={cover} alt="" className="aspect-video w-full rounded-xl bg-raised object-cover" />}
      <div className="flex gap-2">
        <ChooseImage
          text={t(cover === "" ? "live.form.cover.choose" : "live.form.cover.change")}
          icon={<ImageUp size={18} aria-hidden />}
          isDisabled={isBusy}
          onFile={(file) => void choose(file)}
        />
        {cover !== "" && <Button onPress={() => onChange("")}>{t("action.remove")}</Button>}
      </div>
      {problem !== null && <Problem>{problem}</Problem>}
    </div>
  );
}
