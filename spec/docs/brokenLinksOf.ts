import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { anchorsIn } from './anchorsIn';
import { linksIn } from './linksIn';

/** Returns the links of a page whose target does not exist in the repository: `docs/page.md:12: other.md#part`. */
export function brokenLinksOf(file: string, page = readFileSync(file, 'utf8')): string[] {
  return linksIn(page)
    .filter(({ target }) => !/^[a-z]+:/.test(target))
    .filter(({ target }) => {
      const [path = '', anchor] = target.split('#');
      const linked = path === '' ? file : normalize(join(dirname(file), path));
      if (linked !== file && !existsSync(linked)) return true;
      return anchor !== undefined && !anchorsIn(linked === file ? page : readFileSync(linked, 'utf8')).includes(anchor);
    })
    .map(({ line, target }) => `${file}:${line}: ${target}`);
}
