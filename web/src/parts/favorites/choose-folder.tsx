import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Check, Lock, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { foldersChanged } from "#base/api/folder-queries.ts";
import { patchVideo, useMe } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import type { User, Video } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { LoadFailed, LoadMore } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { FolderForm } from "./folder-form.tsx";
import { foldersQuery, placeQuery, useHidden } from "./queries.ts";

/** Puts a video that is saved into one of one's own folders, or into none. */
export function ChooseFolder({ video, onClose }: { video: Video; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Sheet title={t("folder.choose")} isOpen={me != null} onClose={onClose}>
      {me != null && <Choices me={me} video={video} onDone={onClose} />}
    </Sheet>
  );
}

function Choices({ me, video, onDone }: { me: User; video: Video; onDone: () => void }) {
  const { t } = useTranslation();
  const hidden = useHidden();
  const query = useInfiniteQuery(foldersQuery(me.id));
  const place = useQuery(placeQuery(video.id));
  const [isNew, setNew] = useState(false);
  const move = useAction(
    async (id: number | null, name: string) => {
      const body = id === null ? {} : { folder_id: id };
      const { favorited, favorite_count } = await ask("interaction.favorite", { path: { id: video.id }, body });
      patchVideo(video.id, { is_favorited: favorited, favorite_count });
      void foldersChanged();
      showToast(id === null ? t("folder.movedOut") : t("folder.moved", { name }));
      onDone();
    },
    { failure: "toast" },
  );
  if (query.isPending || place.isPending) return <Skeleton className="h-24" />;
  if (query.data === undefined) return <LoadFailed query={query} />;
  if (isNew) return <FolderForm onCancel={() => setNew(false)} onDone={({ id, name }) => void move.run(id, name)} />;
  const folders = query.data.pages.flatMap((page) => page.list).filter(({ id }) => !hidden.has(id));
  const current = place.data?.folderId;
  return (
    <>
      <ul className="flex flex-col">
        {[{ id: null, name: t("folder.none"), is_public: true }, ...folders].map(
          ({ id, name, is_public: isPublic }) => (
            <li key={id}>
              <Button
                look="ghost"
                aria-pressed={id === current}
                isBusy={move.input?.[0] === id}
                className="w-full justify-start! text-start! font-medium!"
                onPress={() => void move.run(id, name)}
              >
                <span className="grid size-5 shrink-0 place-items-center">
                  {id === current && <Check size={18} strokeWidth={3} aria-hidden />}
                </span>
                <span className="min-w-0 flex-1 truncate">{name}</span>
                {!isPublic && <Private />}
              </Button>
            </li>
          ),
        )}
      </ul>
      <LoadMore query={query} />
      <Button className="mt-3 w-full" onPress={() => setNew(true)}>
        <Plus size={18} aria-hidden />
        {t("folder.new")}
      </Button>
    </>
  );
}

/** Others do not see it. */
export function Private() {
  const { t } = useTranslation();
  return (
    <>
      <Lock size={14} aria-hidden className="shrink-0" />
      <span className="sr-only">{t("visibility.private")}</span>
    </>
  );
}
