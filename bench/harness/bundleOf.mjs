import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** What a browser's bundler makes of an import from this library: its own code, minified, and what it loads from outside. */
export async function bundleOf(imports) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export ${imports} from 'rx-mcp';`, resolveDir: fileURLToPath(new URL('..', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    metafile: true,
    conditions: ['browser'],
    tsconfigRaw: {},
    plugins: [{ name: 'outside', setup: keepOutside }],
  });
  const [{ imports: loaded }] = Object.values(metafile.outputs);
  return { code: outputFiles[0].contents, outside: [...new Set(loaded.map(({ path }) => path))] };
}

/** Other packages stay outside; this one, and what it calls its own, come in. */
function keepOutside({ onResolve }) {
  onResolve({ filter: /^[^.#/]/ }, ({ path }) => (path === 'rx-mcp' ? undefined : { path, external: true }));
}
