import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Store } from "#base/api/types.ts";
import { LoadMore } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState } from "#base/ui/states/states.tsx";
import { AdminFrame } from "../frame/admin-frame.tsx";
import { DamagedFiles } from "./storage-damaged.tsx";
import { StorageForm } from "./storage-form.tsx";
import { FreeSpace } from "./storage-free.tsx";
import { damagedQuery, freedSpaceQuery, isActive, storesQuery, transfersQuery } from "./storage-queries.ts";
import { TransferCard } from "./storage-transfer.tsx";

/** The stores of files and their transfers, for administrators. */
export function StoragePage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t("storage.title")}>
      <Storage />
    </AdminFrame>
  );
}

function Storage() {
  const { t } = useTranslation();
  const stores = useQuery(storesQuery);
  const transfers = useInfiniteQuery(transfersQuery);
  const checked = useQuery(damagedQuery);
  const freed = useQuery(freedSpaceQuery);
  const damaged = checked.data?.list ?? [];
  const failed = stores.error ?? (transfers.data === undefined ? transfers.error : null);
  if (failed !== null) {
    const retry = () => void Promise.all([stores.refetch(), transfers.refetch()]);
    return <ErrorState error={failed} onRetry={retry} />;
  }
  // Also for what is damaged, and what was freed: both stand in the middle, and would push away what is below.
  if (stores.data === undefined || transfers.data === undefined || checked.isPending || freed.isPending)
    return <Shape />;
  const all = transfers.data.pages.flatMap(({ list }) => list);
  const open = all.filter((candidate) => isActive(candidate) || candidate.status === "paused");
  const past = all.filter((transfer) => !open.includes(transfer));
  return (
    <>
      <Part title={t("storage.stores")}>
        <ul className="flex flex-col gap-2">
          {stores.data.list.map((store) => (
            <StoreRow key={store.name} store={store} />
          ))}
        </ul>
      </Part>
      {damaged.length > 0 && (
        <Part title={t("storage.damaged")}>
          <DamagedFiles objects={damaged} />
        </Part>
      )}
      {open.length > 0 && (
        <Part title={t("storage.now")}>
          <ul className="flex flex-col gap-3">
            {open.map((transfer) => (
              <TransferCard key={transfer.id} transfer={transfer} />
            ))}
          </ul>
        </Part>
      )}
      <Part title={t("storage.free")}>
        <FreeSpace />
      </Part>
      <Part title={t("storage.new")}>
        <div className="rounded-2xl bg-surface p-4 sm:p-6">
          <StorageForm stores={stores.data.list} />
        </div>
      </Part>
      <Part title={t("storage.history")}>
        {past.length === 0 ? (
          <p className="text-soft">{t("storage.history.empty")}</p>
        ) : (
          <ul className="flex flex-col gap-3">
            {past.map((transfer) => (
              <TransferCard key={transfer.id} transfer={transfer} />
            ))}
          </ul>
        )}
        <LoadMore query={transfers} className="mt-4" />
      </Part>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="mb-3 text-base font-semibold">{title}</h2>
      {children}
    </section>
  );
}

function StoreRow({ store }: { store: Store }) {
  const { t } = useTranslation();
  const notes = [store.is_default && t("storage.isDefault"), store.is_long_term && t("storage.isLongTerm")];
  return (
    <li className="flex items-start gap-3 rounded-xl bg-surface p-4">
      {store.is_ready ? (
        <CircleCheck size={20} aria-hidden className="mt-0.5 shrink-0 text-good" />
      ) : (
        <CircleAlert size={20} aria-hidden className="mt-0.5 shrink-0 text-bad" />
      )}
      <span className="min-w-0">
        <span className="block font-medium break-words">{store.name}</span>
        <span className="block text-sm break-words text-soft">
          {[
            store.is_ready ? t("storage.ready") : t("storage.notReady", { reason: store.reason ?? "" }),
            ...notes.filter((note) => note !== false),
          ].join(" · ")}
        </span>
      </span>
    </li>
  );
}

function Shape() {
  return (
    <div className="flex flex-col gap-4" aria-busy>
      {[0, 1, 2].map((place) => (
        <Skeleton key={place} className="h-20 w-full rounded-xl" />
      ))}
    </div>
  );
}
