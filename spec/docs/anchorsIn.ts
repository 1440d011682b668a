/** Returns the anchors of a page, as GitHub generates them from its headings. */
export function anchorsIn(page: string): string[] {
  const seen = new Map<string, number>();
  let isCode = false;
  return page.split('\n').flatMap((text) => {
    if (text.startsWith('```')) isCode = !isCode;
    const [, heading] = /^#+ (.*)$/.exec(text) ?? [];
    if (isCode || heading === undefined) return [];
    const anchor = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return [times === 0 ? anchor : `${anchor}-${times}`];
  });
}
