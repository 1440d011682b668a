import { isBuiltin } from 'node:module';
import { build, type Plugin } from 'esbuild';

/** A bundled browser program. */
export interface Bundle {
  readonly code: string;
  /** Imports of Node built-ins, as `importer -> built-in`. */
  readonly builtIns: readonly string[];
}

/** Excludes Node built-ins from the bundle, so that their imports can be listed. */
const outside: Plugin = {
  name: 'built-ins stay outside',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[^./]/ }, ({ path }) => (isBuiltin(path) ? { path, external: true } : undefined)),
};

/** Bundles a program for a browser with the built package. The compiler settings of this repository do not apply. */
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
