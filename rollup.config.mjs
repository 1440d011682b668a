import { readFileSync, rmSync } from 'node:fs';
import typescript from '@rollup/plugin-typescript';
import { dts } from 'rollup-plugin-dts';

const { exports, bin } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const platforms = ['lib/client/config/platform/node.ts', 'lib/client/config/platform/browser.ts'];

// package.json lists the entries: `./dist/esm/client/stdio/index.js` is built from `lib/client/stdio/index.ts`.
const sourceOf = (path) => path.replace('./dist/esm/', 'lib/').replace(/\.js$/, '.ts');
const programs = Object.values(bin).map(sourceOf);
const entries = Object.fromEntries(
  Object.entries(exports)
    .filter(([path]) => !path.endsWith('.json'))
    .map(([path, { import: esm }]) => [path === '.' ? 'index' : path.slice(2), sourceOf(esm.default)]),
);

/** `--configOut DIR` builds there and leaves `dist` alone. */
export default ({ configOut: dir = 'dist' }) => {
  rmSync(dir, { recursive: true, force: true });

  // One output file per source file, so that a bundler drops what is not imported.
  const code = {
    input: [...Object.values(entries), ...programs, ...platforms],
    external: (id) => !/^[./]/.test(id),
    plugins: [typescript({ tsconfig: 'tsconfig.build.json' })],
    output: [
      { dir: `${dir}/esm`, format: 'es', entryFileNames: '[name].js' },
      { dir: `${dir}/cjs`, format: 'cjs', entryFileNames: '[name].cjs', interop: 'auto' },
    ].map((output) => ({ ...output, preserveModules: true, preserveModulesRoot: 'lib', sourcemap: true })),
  };

  const types = {
    input: entries,
    // `#platform` has the same types everywhere and is no business of the user's compiler: it is written inline.
    external: (id) => !/^[./#]/.test(id),
    plugins: [dts({ tsconfig: 'tsconfig.build.json' })],
    output: ['.d.ts', '.d.cts'].map((extension) => ({
      dir,
      format: 'es',
      entryFileNames: `[name]${extension}`,
      chunkFileNames: `shared/[name]${extension}`,
      // What is disposed of with `await using` is typed there, whatever the user's compiler targets.
      banner: '/// <reference lib="esnext.disposable" />',
    })),
  };

  return [code, types];
};
