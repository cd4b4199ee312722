import { useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { Search, X } from "lucide-react";
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { firstCharacters } from "#base/text/characters.ts";
import { isTyping } from "#base/ui/fields/is-typing.ts";
import { useSettled } from "#base/ui/fields/use-settled.ts";
import { chosenBy } from "./choice.ts";
import { suggestionsQuery } from "./queries.ts";

const lettersMax = 200;

interface SearchFieldProps {
  isFocused?: boolean;
  hasKey?: boolean;
  /** The placeholder while it is empty, in place of its name. */
  hint?: string;
}

/** The field for the words of a search. It suggests during typing, and works by keyboard alone. */
export function SearchField({ isFocused = false, hasKey = false, hint }: SearchFieldProps) {
  const { t } = useTranslation();
  const { input, text, setText, suggestions, active, setActive, setOpen, close, go, onKeyDown } = useSearchWords();
  const listId = useId();
  useSlashKey(hasKey, input);
  return (
    <form
      role="search"
      aria-label={t("nav.search")}
      className="relative w-full"
      onSubmit={(event) => {
        event.preventDefault();
        go(suggestions[active] ?? text);
      }}
    >
      <Search
        size={18}
        aria-hidden
        className="pointer-events-none absolute top-1/2 start-3 -translate-y-1/2 text-soft"
      />
      <input
        ref={input}
        type="search"
        role="combobox"
        aria-label={t("search.label")}
        aria-autocomplete="list"
        aria-expanded={suggestions.length > 0}
        aria-controls={listId}
        aria-activedescendant={active >= 0 ? optionId(listId, active) : undefined}
        autoComplete="off"
        enterKeyHint="search"
        // The page of a phone is nothing else.
        // biome-ignore lint/a11y/noAutofocus: it is what one came for
        autoFocus={isFocused}
        // The input counts units, of which a character has at most two; what is too much is cut above.
        maxLength={2 * lettersMax}
        placeholder={hint ?? t("search.label")}
        value={active >= 0 ? (suggestions[active] ?? text) : text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(-1);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={close}
        onKeyDown={onKeyDown}
        className="min-h-11 w-full rounded-full border border-transparent bg-raised pe-11 ps-10 text-base text-ink placeholder:text-faint hover:border-line pointer-fine:min-h-10 pointer-fine:text-sm [&::-webkit-search-cancel-button]:hidden"
      />
      {text !== "" && (
        <button
          type="button"
          aria-label={t("search.clear")}
          className="absolute inset-y-0 end-0 grid w-11 place-items-center rounded-full text-soft hover:text-ink"
          onClick={() => {
            setText("");
            input.current?.focus();
          }}
        >
          <X size={18} aria-hidden />
        </button>
      )}
      {hasKey && text === "" && (
        <kbd
          aria-hidden
          className="pointer-events-none absolute end-2.5 top-1/2 grid size-5.5 -translate-y-1/2 place-items-center rounded-md border border-line font-sans text-xs text-faint pointer-coarse:hidden"
        >
          /
        </kbd>
      )}
      <Suggestions {...{ suggestions, active, listId }} onChoose={go} />
    </form>
  );
}

/** The key `/` goes to this field, from anywhere but other text fields. */
function useSlashKey(isOn: boolean, input: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    if (!isOn) return undefined;
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      event.preventDefault();
      input.current?.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [isOn, input]);
}

/** The typed text, its suggestions, and the one that keys have chosen. */
function useSearchWords() {
  const navigate = useNavigate();
  const { search } = useLocation();
  const isOfFiles = "tab" in search && search.tab === "files";
  const urlQuery = "q" in search && typeof search.q === "string" ? search.q : "";
  const [text, setText] = useState(urlQuery);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const settled = useSettled(firstCharacters(text.trim(), lettersMax));
  const { data } = useQuery({ ...suggestionsQuery(settled), enabled: isOpen && settled !== "" });
  const suggestions = isOpen && text.trim() !== "" ? (data?.list ?? []) : [];
  useEffect(() => setText(urlQuery), [urlQuery]);

  const close = () => {
    setOpen(false);
    setActive(-1);
  };
  const go = (words: string) => {
    const q = firstCharacters(words.trim(), lettersMax);
    close();
    if (q === "") return;
    setText(q);
    input.current?.blur();
    // Words for one's own files are no search of anything else.
    void navigate({ to: "/search", search: { q, ...(isOfFiles && { tab: "files" }) } });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape" && isOpen && suggestions.length > 0) {
      event.preventDefault();
      close();
      return;
    }
    if (event.key === "Escape") setText("");
    const chosen = chosenBy(event.key, active, suggestions.length);
    if (chosen === null) return;
    event.preventDefault();
    setActive(chosen);
  };
  return { input, text, setText, suggestions, active, setActive, setOpen, close, go, onKeyDown };
}

const optionId = (listId: string, place: number) => `${listId}-${place}`;

interface SuggestionsProps {
  suggestions: readonly string[];
  /** The place of the one that keys have chosen; -1 for none. */
  active: number;
  listId: string;
  onChoose: (words: string) => void;
}

function Suggestions({ suggestions, active, listId, onChoose }: SuggestionsProps) {
  const { t } = useTranslation();
  return (
    <ul
      id={listId}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="listbox"
      aria-label={t("search.suggestions")}
      className={
        suggestions.length === 0
          ? "hidden"
          : "absolute inset-x-0 top-full z-50 mt-1 overflow-hidden rounded-xl border border-line bg-surface py-1 shadow-lg"
      }
    >
      {suggestions.map((word, place) => (
        <li
          key={word}
          id={optionId(listId, place)}
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
          role="option"
          aria-selected={place === active}
          className="flex min-h-11 cursor-pointer items-center gap-2 px-3 text-base hover:bg-raised aria-selected:bg-raised"
          // A press must not take the focus first: the list would close under it.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(word)}
        >
          <Search size={16} aria-hidden className="shrink-0 text-soft" />
          <span className="truncate">{word}</span>
        </li>
      ))}
    </ul>
  );
}
