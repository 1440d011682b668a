import { readFileSync, rmSync } from 'node:fs';
import typescript from '@rollup/plugin-typescript';
import { dts } from 'rollup-plugin-dts';

const { exports, bin } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const platforms = ['lib/client/config/platform/node.ts', 'lib/client/config/platform/browser.ts'];

// Returns the source of an entry in package.json: `lib/client/stdio/index.ts` for `./dist/esm/client/stdio/index.js`.
const sourceOf = (path) => path.replace('./dist/esm/', 'lib/').replace(/\.js$/, '.ts');
const programs = Object.values(bin).map(sourceOf);
const entries = Object.fromEntries(
  Object.entries(exports)
    .filter(([path]) => !path.endsWith('.json'))
    .map(([path, { import: esm }]) => [path === '.' ? 'index' : path.slice(2), sourceOf(esm.default)]),
);

/**
 * In CommonJS, modules of this package that are loaded on demand are required: Jest has no `import()` there. What may be an ES
 * module only, such as an SDK, is imported.
 */
const requireOwn = {
  name: 'require-own',
  renderDynamicImport: ({ targetModuleId }) =>
    targetModuleId?.endsWith('.ts') ? { left: 'Promise.resolve().then(() => require(', right: '))' } : undefined,
};

/** `--configOut DIR` sets the output directory. Default `dist`. */
export default ({ configOut: dir = 'dist' }) => {
  rmSync(dir, { recursive: true, force: true });

  // One output file per source file, so that bundlers can remove unused modules.
  const code = {
    input: [...Object.values(entries), ...programs, ...platforms],
    external: (id) => !/^[./]/.test(id),
    plugins: [typescript({ tsconfig: 'tsconfig.build.json' })],
    output: [
      { dir: `${dir}/esm`, format: 'es', entryFileNames: '[name].js' },
      { dir: `${dir}/cjs`, format: 'cjs', entryFileNames: '[name].cjs', interop: 'auto', plugins: [requireOwn] },
    ].map((output) => ({ ...output, preserveModules: true, preserveModulesRoot: 'lib', sourcemap: true })),
  };

  const types = {
    input: entries,
    // Inlines `#platform`: its types are the same on all platforms, and the user's compiler must not have to resolve it.
    external: (id) => !/^[./#]/.test(id),
    plugins: [dts({ tsconfig: 'tsconfig.build.json' })],
    output: ['.d.ts', '.d.cts'].map((extension) => ({
      dir,
      format: 'es',
      entryFileNames: `[name]${extension}`,
      chunkFileNames: `shared/[name]${extension}`,
      // Provides the types for `await using`, independent of the user's compiler target.
      banner: '/// <reference lib="esnext.disposable" />',
    })),
  };

  return [code, types];
};
