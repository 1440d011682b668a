import { gzipSync } from 'node:zlib';
import { bundleOf } from '../harness/bundleOf.mjs';

/** Kilobytes of the library's own code that come with these imports, minified and with gzip. */
export async function sizeOf({ imports }) {
  const { code } = await bundleOf(imports);
  return { value: gzipSync(code, { level: 9 }).length / 1000 };
}
