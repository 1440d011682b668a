import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const fake = fileURLToPath(new URL('fakeVscode.ts', import.meta.url));

export default defineConfig({ test: { alias: { vscode: fake } } });
