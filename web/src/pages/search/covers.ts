interface Tag<Cover> {
  readonly covers: readonly Cover[];
}

/** For each hashtag a cover that no other has, as far as there are enough; those with the least choice choose first. Pure. */
export function coversOf<Cover extends { readonly video_id: number }>(
  tags: readonly Tag<Cover>[],
): (Cover | undefined)[] {
  const usedIds = new Set<number>();
  const chosen = new Map<Tag<Cover>, Cover | undefined>();
  for (const tag of tags.toSorted((a, b) => a.covers.length - b.covers.length)) {
    const cover = tag.covers.find(({ video_id }) => !usedIds.has(video_id)) ?? tag.covers[0];
    if (cover !== undefined) usedIds.add(cover.video_id);
    chosen.set(tag, cover);
  }
  return tags.map((tag) => chosen.get(tag));
}
