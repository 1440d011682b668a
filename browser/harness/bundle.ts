import { isBuiltin } from 'node:module';
import { build, type Plugin } from 'esbuild';

/** What a bundler made of a program for a browser. */
export interface Bundle {
  readonly code: string;
  /** Imports of Node built-ins, as `importer -> built-in`. */
  readonly builtIns: readonly string[];
}

/** Leaves what only Node has outside, so that it can be told. */
const outside: Plugin = {
  name: 'built-ins stay outside',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[^./]/ }, ({ path }) => (isBuiltin(path) ? { path, external: true } : undefined)),
};

/** Bundles a program for a browser, with the package as it is built: our own settings for the compiler stay out of it. */
export async function bundle(entry: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    tsconfigRaw: {},
    write: false,
    metafile: true,
    logLevel: 'silent',
    plugins: [outside],
  });
  const builtIns = Object.entries(metafile.inputs).flatMap(([file, { imports }]) =>
    imports.filter(({ external }) => external === true).map(({ path }) => `${file} -> ${path}`),
  );
  return { code: outputFiles[0]!.text, builtIns };
}
