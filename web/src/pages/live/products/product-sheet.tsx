import { ImageUp } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { uploadPicture } from "#base/api/picture.ts";
import { randomKey } from "#base/api/request/attempt.ts";
import { ask } from "#base/api/request/client.ts";
import type { Product } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Toggle } from "#base/ui/buttons/choice.tsx";
import { ChooseImage } from "#base/ui/fields/choose-image.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Problem, useErrorText } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { bodyOfProduct, draftOfProduct, emptyProduct, missingInProduct, type ProductDraft } from "./product-draft.ts";
import { ProductPicture } from "./product-parts.tsx";
import { refreshProducts } from "./queries.ts";

interface ProductSheetProps {
  liveId: number;
  /** The one to change; a new one where there is none. */
  product: Product | null;
  onClose: () => void;
}

/** Adds a product to a room, or changes one. */
export function ProductSheet({ liveId, product, onClose }: ProductSheetProps) {
  const { t } = useTranslation();
  const { draft, change, problem, setProblem, isBusy, missing, save } = useProductDraft(liveId, product, onClose);
  const wrong = (field: (typeof missing)[number], text: string) => (missing.includes(field) ? text : null);
  return (
    <Sheet title={t(product === null ? "shop.add" : "shop.edit")} isOpen onClose={onClose} wide>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
          event.preventDefault();
          save();
        }}
      >
        <Field
          label={t("shop.name")}
          value={draft.name}
          onChange={(name) => change({ name })}
          charactersMax={100}
          problem={wrong("name", t("shop.name.missing"))}
          autoFocus
        />
        <Field
          label={t("shop.description")}
          value={draft.description}
          onChange={(description) => change({ description })}
          charactersMax={1_000}
          rows={2}
        />
        <div className="grid gap-4 sm:grid-cols-3">
          <Field
            label={t("shop.price")}
            value={draft.price}
            onChange={(price) => change({ price })}
            inputMode="decimal"
            problem={wrong("price", t("shop.price.wrong"))}
          />
          <Field
            label={t("shop.salePrice")}
            hint={t("shop.salePrice.text")}
            value={draft.salePrice}
            onChange={(salePrice) => change({ salePrice })}
            inputMode="decimal"
            problem={wrong("salePrice", t("shop.salePrice.text"))}
          />
          <Field
            label={t("shop.stock")}
            value={draft.stock}
            onChange={(stock) => change({ stock })}
            inputMode="numeric"
            problem={wrong("stock", t("shop.stock.wrong"))}
          />
        </div>
        <Picture cover={draft.cover} onChange={(cover) => change({ cover })} onProblem={setProblem} />
        <Toggle
          label={t("shop.onSale")}
          text={t("shop.onSale.text")}
          isOn={draft.isOnSale}
          onChange={(isOnSale) => change({ isOnSale })}
        />
        {problem !== null && <Problem>{problem}</Problem>}
        <div className="flex gap-3">
          <Button className="flex-1" onPress={onClose}>
            {t("action.cancel")}
          </Button>
          <Button look="main" type="submit" className="flex-1" isBusy={isBusy}>
            {t("action.save")}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}

function useProductDraft(liveId: number, product: Product | null, onDone: () => void) {
  const [draft, setDraft] = useState(() => (product === null ? emptyProduct : draftOfProduct(product)));
  const [wasAsked, setAsked] = useState(false);
  const [idempotencyKey] = useState(randomKey);
  const missing = missingInProduct(draft);
  const {
    run: save,
    isBusy,
    problem,
    setProblem,
  } = useAction(async () => {
    setAsked(true);
    if (missing.length > 0) return;
    const body = bodyOfProduct(draft);
    await (product === null
      ? ask("live.addProduct", { path: { id: liveId }, body, idempotencyKey })
      : ask("live.updateProduct", { path: { id: liveId, pid: product.id }, body }));
    refreshProducts(liveId);
    onDone();
  });
  return {
    draft,
    change: (part: Partial<ProductDraft>) => setDraft((before) => ({ ...before, ...part })),
    missing: wasAsked ? missing : [],
    problem,
    setProblem,
    isBusy,
    save: () => void save(),
  };
}

interface PictureProps {
  cover: string;
  onChange: (cover: string) => void;
  onProblem: (problem: string | null) => void;
}

function Picture({ cover, onChange, onProblem }: PictureProps) {
  const { t } = useTranslation();
  const text = useErrorText();
  const { run: choose, isBusy } = useAction(
    async (file: File) => {
      onProblem(null);
      onChange((await uploadPicture(file, "cover")).url);
    },
    { onFailure: (thrown) => onProblem(text(thrown)) },
  );
  return (
    <div role="group" aria-label={t("shop.picture")} className="flex items-center gap-3">
      <ProductPicture product={{ cover }} className="size-16" />
      <ChooseImage
        text={t("shop.picture.choose")}
        icon={<ImageUp size={18} aria-hidden />}
        isDisabled={isBusy}
        onFile={(file) => void choose(file)}
      />
      {cover !== "" && <Button onPress={() => onChange("")}>{t("action.remove")}</Button>}
    </div>
  );
}
