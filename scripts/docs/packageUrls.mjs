import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

const { repository } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const base = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');

/** Returns a page with absolute links: relative ones work in the repository only. `file` is the path of the page. */
export function withAbsoluteLinks(text, file) {
  return text.replaceAll(/(!?\[[^\]]*\]\()([^)\s]+)(?=\))/g, (link, before, target) => {
    if (/^(?:[a-z]+:|#)/.test(target)) return link;
    const path = posix.join(posix.dirname(file), target);
    return `${before}${base}/${before.startsWith('!') ? 'raw' : 'blob'}/main/${path}`;
  });
}

/** Returns the absolute URL of a page. */
export function urlOf(file) {
  return `${base}/blob/main/${file}`;
}
