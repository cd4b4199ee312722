import { Search, X } from "lucide-react";
import { Button } from "react-aria-components/Button";
import { Input } from "react-aria-components/Input";
import { SearchField } from "react-aria-components/SearchField";
import { classNames } from "../class-names.ts";

interface SearchBoxProps {
  /** Its name, and what it says while it is empty. */
  label: string;
  value: string;
  charactersMax: number;
  onChange: (text: string) => void;
  onSubmit?: (text: string) => void;
  onClear?: () => void;
  autoFocus?: boolean;
  className?: string;
}

/** A field that searches what its page lists. */
export function SearchBox({
  label,
  value,
  charactersMax,
  onChange,
  onSubmit,
  onClear,
  autoFocus = false,
  className = "",
}: SearchBoxProps) {
  return (
    <SearchField
      aria-label={label}
      value={value}
      onChange={onChange}
      {...(onSubmit && { onSubmit })}
      {...(onClear && { onClear })}
      autoFocus={autoFocus}
      className={classNames("group relative", className)}
    >
      <Search
        size={16}
        aria-hidden
        className="pointer-events-none absolute start-3.5 top-1/2 -translate-y-1/2 text-soft"
      />
      <Input
        placeholder={label}
        maxLength={charactersMax}
        className="min-h-11 w-full rounded-full bg-raised ps-10 pe-11 text-base text-ink placeholder:text-faint pointer-fine:min-h-9 pointer-fine:text-sm [&::-webkit-search-cancel-button]:hidden"
      />
      <Button className="absolute inset-y-0 end-0 grid w-11 place-items-center rounded-full text-soft group-data-[empty]:hidden hover:text-ink">
        <X size={16} aria-hidden />
      </Button>
    </SearchField>
  );
}
