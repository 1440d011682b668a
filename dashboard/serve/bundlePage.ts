import { build } from 'esbuild';

/** Bundles the page's program into one file, from the current sources. */
export async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ['dashboard/page/main.ts'],
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    // With an installed package, the bundler resolves both without aliases.
    alias: { 'rx-mcp': './lib/index.ts', '#platform': './lib/client/config/platform/browser.ts' },
    tsconfigRaw: {},
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}
