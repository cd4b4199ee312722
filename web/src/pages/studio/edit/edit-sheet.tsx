import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { patchVideo, videoQuery } from "#base/api/queries.ts";
import { markStale } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Video, VideoChange, Visibility } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Choice, Toggle } from "#base/ui/buttons/choice.tsx";
import { CategorySelect } from "#base/ui/fields/category-select.tsx";
import { CoverPicker } from "#base/ui/fields/cover-picker.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { TagField } from "#base/ui/fields/tag-field.tsx";
import { isPasswordMissing } from "#base/ui/fields/video-password-rule.ts";
import { VideoPassword } from "#base/ui/fields/video-password.tsx";
import { visibilities } from "#base/ui/fields/visibilities.ts";
import { VisibilityIcon } from "#base/ui/fields/visibility.tsx";
import { lazyPart } from "#base/ui/loading/lazy-part.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { draftOf, emptyGate, gateChange, type GateDraft, hasTerm, isGateWhole } from "#parts/gates/gate-draft.ts";
import { isAutomatic } from "#parts/upload/transfer/frame.ts";
import { CaptionsEditor } from "./captions-editor.tsx";
import { FileEditor } from "./file-editor.tsx";
import { FramePicker } from "./frame-picker.tsx";
import { Publishing } from "./publishing.tsx";

const GateEditor = lazyPart(() => import("#parts/gates/gate-editor.tsx"), "GateEditor", { texts: ["gates"] });
const InvitedPeople = lazyPart(() => import("#parts/gates/invited-people.tsx"), "InvitedPeople", { texts: ["gates"] });

const pollMs = 2_000;

export function EditSheet({ videoId, onClose }: { videoId: number; onClose: () => void }) {
  const { t } = useTranslation();
  const video = useQuery({
    ...videoQuery(videoId),
    refetchInterval: ({ state }) => (state.data?.replacement?.status === "processing" ? pollMs : false),
  });
  return (
    <Sheet title={t("my.edit.title")} isOpen onClose={onClose} wide>
      {video.data !== undefined ? (
        <EditForm video={video.data} onClose={onClose} />
      ) : video.isError ? (
        <ErrorState error={video.error} onRetry={() => void video.refetch()} />
      ) : (
        <Skeleton className="h-96" />
      )}
    </Sheet>
  );
}

function EditForm({ video, onClose }: { video: Video; onClose: () => void }) {
  const { t } = useTranslation();
  const [edited, setEdited] = useState<Edited>(() => editedOf(video));
  const edit: Edit = (change) => setEdited((before) => ({ ...before, ...change }));
  const { isBusy, problem, save } = useSave(video, onClose);
  const [isLockMissing, setLockMissing] = useState(false);
  const [isGateOpen, setGateOpen] = useState(false);
  const isKept = video.visibility === "password";
  const { title, description, visibility, password, cover } = edited;
  const isTitleMissing = title.trim() === "";

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const isOpen = isPasswordMissing(visibility, password, isKept);
    const isGateMissing = visibility === "gated" && !isGateWhole(edited.gate, password, hasGatePassword(video));
    setLockMissing(isOpen);
    setGateOpen(isGateMissing);
    if (!isTitleMissing && !isOpen && !isGateMissing) void save(edited);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      {video.is_draft && <Publishing key={video.publish_at} video={video} />}
      <Field
        label={t("upload.field.title")}
        value={title}
        onChange={(typed) => edit({ title: typed })}
        charactersMax={200}
        isRequired
        problem={isTitleMissing ? t("upload.titleMissing") : null}
      />
      <Field
        label={t("upload.field.description")}
        value={description}
        onChange={(typed) => edit({ description: typed })}
        charactersMax={1000}
        rows={4}
      />
      <FileEditor video={video} />
      <CaptionsEditor mediaId={video.media_id} />
      <CoverPicker
        url={cover === undefined ? video.cover_url || null : cover}
        onUrl={(url) => edit({ cover: url })}
        canRemove={cover !== undefined || !isAutomatic(video.cover_url)}
        more={(choose, isBusy) => <FramePicker video={video} isDisabled={isBusy} onFrame={choose} />}
      />
      <WhoMayWatch {...{ visibility, edit }} />
      {visibility === "password" && (
        <VideoPassword
          value={password}
          onChange={(typed) => {
            setLockMissing(false);
            edit({ password: typed });
          }}
          isKept={isKept}
          isMissing={isLockMissing}
        />
      )}
      {visibility === "gated" && (
        <GateFields {...{ video, edited, edit }} isIncomplete={isGateOpen} onEdit={() => setGateOpen(false)} />
      )}
      <CategorySelect value={edited.category} onChange={(category) => edit({ category })} />
      <TagField tags={edited.tags} onChange={(tags) => edit({ tags })} />
      <Allowances {...{ edited, edit }} />
      {problem !== null && <Problem>{problem}</Problem>}
      <div className="flex gap-3">
        <Button onPress={onClose} className="flex-1">
          {t("action.cancel")}
        </Button>
        <Button look="main" type="submit" isBusy={isBusy} isDisabled={isTitleMissing} className="flex-1">
          {t("action.save")}
        </Button>
      </div>
    </form>
  );
}

const hasGatePassword = ({ gate }: Video): boolean => gate !== undefined && hasTerm(gate, "password");
const hasInvited = ({ gate }: Video): boolean => gate !== undefined && hasTerm(gate, "invited");

interface GateFieldsProps {
  video: Video;
  edited: Edited;
  edit: Edit;
  isIncomplete: boolean;
  onEdit: () => void;
}

/** The rule of a locked video, and the people who are invited to it. */
function GateFields({ video, edited, edit, isIncomplete, onEdit }: GateFieldsProps) {
  return (
    <>
      <GateEditor
        draft={edited.gate}
        onChange={(gate) => {
          onEdit();
          edit({ gate });
        }}
        password={edited.password}
        onPassword={(password) => edit({ password })}
        isPasswordKept={hasGatePassword(video)}
        isIncomplete={isIncomplete}
      />
      {hasInvited(video) && <InvitedPeople thing={{ kind: "video", id: video.id }} />}
    </>
  );
}

/** The form's fields. */
interface Edited {
  title: string;
  description: string;
  visibility: Visibility;
  password: string;
  gate: GateDraft;
  category: Video["category_id"];
  tags: readonly string[];
  allowComment: boolean;
  allowDownload: boolean;
  /** Another cover, `null` for the automatic one; undefined while it stays. */
  cover: string | null | undefined;
}
type Edit = (change: Partial<Edited>) => void;

// The server takes an empty one, which nobody can see or take away here.
const tagsOf = (video: Video) => [...new Set(video.tags)].filter((tag) => tag !== "");

const editedOf = (video: Video): Edited => ({
  title: video.title,
  description: video.description,
  visibility: video.visibility,
  password: "",
  gate: video.gate ? draftOf(video.gate, video.teaser ?? "none") : emptyGate,
  category: video.category_id,
  tags: tagsOf(video),
  allowComment: video.allow_comment,
  allowDownload: video.allow_download,
  cover: undefined,
});

const changeOf = (
  video: Video,
  { title, description, visibility, password, gate, category, tags, allowComment, allowDownload, cover }: Edited,
): VideoChange => ({
  title: title.trim(),
  description: description.trim(),
  visibility,
  ...(visibility === "password" && password !== "" && { password }),
  ...(visibility === "gated" && gateChange(gate, password)),
  allow_comment: allowComment,
  allow_download: allowDownload,
  ...(category !== video.category_id && { category_id: category }),
  ...(JSON.stringify(tags) !== JSON.stringify(tagsOf(video)) && { tags: [...tags] }),
  ...(cover !== undefined && { cover_url: cover ?? "" }),
});

/** Sends what was edited, and closes the form when the server has it. */
function useSave(video: Video, onClose: () => void) {
  const { t } = useTranslation();
  const {
    run: save,
    isBusy,
    problem,
  } = useAction(async (edited: Edited) => {
    const saved = await ask("video.update", { path: { id: video.id }, body: changeOf(video, edited) });
    patchVideo(video.id, saved);
    markStale(keyOf("feed"));
    showToast(t("action.saved"));
    onClose();
  });
  return { isBusy, problem, save };
}

function WhoMayWatch({ visibility, edit }: { visibility: Visibility; edit: Edit }) {
  const { t } = useTranslation();
  return (
    <Choice
      label={t("upload.field.visibility")}
      value={visibility}
      onChange={(value) => edit({ visibility: value })}
      options={visibilities.map((value) => ({
        value,
        name: t(`visibility.${value}`),
        text: t(`visibility.${value}.text`),
        icon: <VisibilityIcon visibility={value} size={20} />,
      }))}
    />
  );
}

/** The permissions of the video's viewers. */
function Allowances({ edited, edit }: { edited: Edited; edit: Edit }) {
  const { t } = useTranslation();
  return (
    <>
      <Toggle
        label={t("upload.field.comment")}
        text={t("upload.field.comment.text")}
        isOn={edited.allowComment}
        onChange={(allowComment) => edit({ allowComment })}
      />
      <Toggle
        label={t("upload.field.download")}
        isOn={edited.allowDownload}
        onChange={(allowDownload) => edit({ allowDownload })}
      />
    </>
  );
}
