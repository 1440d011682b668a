import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProcess } from '../harness/runProcess';

/** How a project that uses the package is compiled. */
export interface CompileOptions {
  /** Where the package is installed. */
  readonly fixture: string;
  /** A directory for the project, and for what comes of it. */
  readonly dir: string;
  readonly typescript: 5 | 6;
  readonly format: 'module' | 'commonjs';
  readonly moduleResolution: 'node16' | 'bundler';
}

const consumer = fileURLToPath(new URL('../fixtures/consumer.ts', import.meta.url));

/**
 * In the SDK's CommonJS declarations one file imports a module that is only an ES module. That is between the SDK and the
 * compiler; users are spared it by `skipLibCheck`, without which everything else is checked here.
 */
const notOurs = /@modelcontextprotocol\/sdk\/dist\/cjs\/validation\/types\.d\.ts\(\d+,\d+\): error TS1541:/;

/** Compiles the consumer, with every declaration file checked. Resolves with the compiled file; rejects with the errors. */
export async function compile({ fixture, dir, typescript, format, moduleResolution }: CompileOptions): Promise<string> {
  mkdirSync(dir, { recursive: true });
  symlinkSync(join(fixture, 'node_modules'), join(dir, 'node_modules'));
  copyFileSync(consumer, join(dir, 'consumer.ts'));
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ type: format }));
  const compilerOptions = {
    strict: true,
    skipLibCheck: false,
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable', 'esnext.disposable'],
    types: ['node'],
    module: moduleResolution === 'node16' ? 'node16' : 'esnext',
    moduleResolution,
    rootDir: '.',
    outDir: 'out',
  };
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
  const tsc = join(fixture, 'node_modules', `typescript-${typescript}`, 'bin', 'tsc');
  const { code, output } = await runProcess(process.execPath, [tsc, '--pretty', 'false'], { cwd: dir, seconds: 170 });
  const errors = output.split('\n').filter((line) => / error TS\d+:/.test(line) && !notOurs.test(line));
  const isUnexplained = code !== 0 && errors.length === 0 && !notOurs.test(output);
  if (errors.length > 0 || isUnexplained) throw new Error(errors.join('\n') || output);
  return join(dir, 'out', 'consumer.js');
}
