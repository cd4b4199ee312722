import type { Destination, Made } from "#base/api/request/sending.ts";
import type { Event, Item } from "./item.ts";

/** Distinguishes the items of a view, so that their details have a type. */
export interface Kind<Details> {
  readonly name: string;
  readonly has: (item: Item) => item is Item<Details>;
}

export const createKind = <Details>(name: string): Kind<Details> => ({
  name,
  has: (item): item is Item<Details> => item.kind === name,
});

/** A part of the app that sends files through the queue, with all that is its own about them. */
export interface View<Details = unknown> {
  readonly kind: Kind<Details>;
  /** A stored item with its details checked; `null` where it is of no use after a reload. */
  parse(item: Item): Item<Details> | null;
  destination(item: Item<Details>): Destination;
  /** True if the user loses something when the page closes now. */
  warns(item: Item<Details>, hasHandle: boolean): boolean;
  /** True if an item is remembered although its file is sent. */
  isKept?(item: Item<Details>): boolean;
  isUrgent?(item: Item<Details>): boolean;
  /** The details without what must not be stored on the device. */
  strip?(details: Details): Details;
  /** Is called when the file of an item is at hand; returns the code of its refusal, `null` if it can be sent. */
  open?(item: Item<Details>, file: File): string | null;
  /** Takes the file that the server has made, before the item is done; resolves to the details after that. */
  arrive?(item: Item<Details>, made: Made, file: File, signal: AbortSignal): Promise<Details>;
  onChange?(item: Item<Details>, event: Event): void;
  /** Is called when an item was removed and cannot come back. */
  onRemove?(item: Item<Details>): void;
}
