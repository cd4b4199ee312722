import { Camera, ImageUp } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { uploadPicture } from "#base/api/picture.ts";
import { meQuery } from "#base/api/queries.ts";
import { invalidate, markStale, queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { ProfileChange, User } from "#base/api/types.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { Button } from "#base/ui/buttons/button.tsx";
import { ChooseImage } from "#base/ui/fields/choose-image.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { Banner } from "#parts/profile/banner.tsx";
import { type ProfileLink, ProfileLinks } from "./profile-links.tsx";

/** How others see the viewer. */
export function ProfileForm({ me }: { me: User }) {
  const { t } = useTranslation();
  const [nickname, setNickname] = useState(me.nickname);
  const [bio, setBio] = useState(me.bio);
  const [about, setAbout] = useState(me.about);
  const [links, setLinks] = useState<readonly ProfileLink[]>(me.links);

  const {
    run: save,
    isBusy,
    problem,
  } = useAction(async (work: () => Promise<ProfileChange>) => {
    const saved = await ask("user.update", { path: { id: me.id }, body: await work() });
    queryClient.setQueryData(meQuery.queryKey, saved);
    void invalidate(keyOf("user", me.username));
    void invalidate(keyOf("videos-of", me.id));
    markStale(keyOf("feed"));
    showToast(t("action.saved"));
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const filled = links.filter(({ title, url }) => title.trim() !== "" || url.trim() !== "");
    void save(async () => ({ nickname: nickname.trim(), bio: bio.trim(), about: about.trim(), links: [...filled] }));
  };
  const changePicture = (file: File) => void save(async () => ({ avatar: (await uploadPicture(file, "avatar")).url }));
  const changeBanner = (file: File) =>
    void save(async () => ({ background_image: (await uploadPicture(file, "background")).url }));
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <div role="group" aria-label={t("settings.banner")} className="flex flex-col items-start gap-3">
        <Banner user={me} />
        <div className="flex gap-2">
          <ChooseImage
            text={t("settings.banner.change")}
            icon={<ImageUp size={18} aria-hidden />}
            isDisabled={isBusy}
            onFile={changeBanner}
          />
          {me.background_image !== "" && (
            <Button onPress={() => void save(async () => ({ background_image: "" }))}>{t("action.remove")}</Button>
          )}
        </div>
      </div>
      <div role="group" aria-label={t("settings.avatar")} className="flex flex-wrap items-center gap-4">
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
      <Field label={t("settings.about")} value={about} onChange={setAbout} charactersMax={5000} rows={5} />
      <ProfileLinks links={links} onChange={setLinks} />
      {problem !== null && <Problem>{problem}</Problem>}
      <Button look="main" type="submit" isBusy={isBusy} className="self-start">
        {t("action.save")}
      </Button>
    </form>
  );
}
