import { Camera } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { meQuery, queryClient } from "../api/queries.ts";
import type { ProfileChange, User } from "../api/types.ts";
import { uploadPicture } from "../api/picture.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Button } from "../ui/button.tsx";
import { ChooseImage } from "../ui/choose-image.tsx";
import { Field } from "../ui/field.tsx";
import { Problem, useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";

/** How others see the viewer. */
export function ProfileForm({ me }: { me: User }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const [nickname, setNickname] = useState(me.nickname);
  const [bio, setBio] = useState(me.bio);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const save = async (work: () => Promise<ProfileChange>) => {
    setBusy(true);
    setProblem(null);
    try {
      const saved = await ask("user.update", { path: { id: me.id }, body: await work() });
      queryClient.setQueryData(meQuery.queryKey, saved);
      void queryClient.invalidateQueries({ queryKey: ["user", me.username] });
      void queryClient.invalidateQueries({ queryKey: ["videos-of", me.id] });
      void queryClient.invalidateQueries({ queryKey: ["feed"], refetchType: "none" });
      showToast(t("action.saved"));
    } catch (thrown) {
      setProblem(text(thrown));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void save(async () => ({ nickname: nickname.trim(), bio: bio.trim() }));
  };
  const changePicture = (file: File) => void save(async () => ({ avatar: (await uploadPicture(file, "avatar")).url }));
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <div role="group" aria-label={t("settings.avatar")} className="flex items-center gap-4">
        <Avatar user={{ ...me, nickname }} size="large" />
        <ChooseImage
          text={t("settings.avatar.change")}
          icon={<Camera size={18} aria-hidden />}
          isDisabled={isBusy}
          onFile={changePicture}
        />
      </div>
      <Field
        label={t("settings.nickname")}
        value={nickname}
        onChange={setNickname}
        charactersMax={50}
        autoComplete="nickname"
      />
      <Field label={t("settings.bio")} value={bio} onChange={setBio} charactersMax={500} rows={3} />
      {problem !== null && <Problem>{problem}</Problem>}
      <Button look="main" type="submit" isBusy={isBusy} className="self-start">
        {t("action.save")}
      </Button>
    </form>
  );
}
