/** A link of a page, or a picture. */
export interface PageLink {
  /** From 1. */
  readonly line: number;
  readonly target: string;
}

/** The links and pictures of a page, but for those in its code. */
export function linksIn(page: string): PageLink[] {
  let isCode = false;
  return page.split('\n').flatMap((text, index) => {
    if (text.startsWith('```')) isCode = !isCode;
    if (isCode) return [];
    const prose = text.replace(/`[^`]*`/g, '');
    const targets = [
      ...prose.matchAll(/\]\(([^)\s]+)\)/g),
      ...prose.matchAll(/^\[[^\]]+\]: (\S+)/g),
      ...prose.matchAll(/\s(?:src|srcset|href)="([^"]+)"/g),
    ];
    return targets.map(([, target = '']) => ({ line: index + 1, target }));
  });
}
