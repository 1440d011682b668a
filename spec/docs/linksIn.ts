/** A link or an image of a page. */
export interface PageLink {
  /** The number of the line, from 1. */
  readonly line: number;
  readonly target: string;
}

/** Returns the links and images of a page, except those in its code. */
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
