import { bundleOf } from '../harness/bundleOf.mjs';

/** How many modules of zod or of an SDK are loaded with these imports. */
export async function sdkModulesIn({ imports }) {
  const { outside } = await bundleOf(imports);
  return { value: outside.filter((path) => /^(zod|@modelcontextprotocol)(\/|$)/.test(path)).length };
}
