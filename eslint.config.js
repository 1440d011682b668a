import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import rxjsX from 'eslint-plugin-rxjs-x';
import tseslint from 'typescript-eslint';
import { layerOrder } from './scripts/lint/layerOrder.mjs';

// Folders of lib/, from the one that everything may import to the one that nothing may. A folder imports only from its own and
// from those before it; `#platform` is how the client reaches Node.
const layers = [
  'util',
  'protocol',
  'operator',
  'notification',
  'client/connection',
  'client/guest',
  'client/session',
  'client/http',
  'client/rpc',
  'client/wire',
  'client/modern',
  'client/connector',
  'client/stdio',
  'client/config',
  'client',
  'server',
  'testing',
  'cli',
];

export default defineConfig(
  globalIgnores([
    'dist/',
    'coverage/',
    'docs/api/',
    '**/node_modules/',
    'spec/reference/snippets/',
    'proof/frameworks/xmcp/',
    'examples/packages/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{js,mjs}'],
    extends: [js.configs.recommended],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setImmediate: 'readonly',
        AbortController: 'readonly',
        TextEncoder: 'readonly',
        TextDecoder: 'readonly',
        Response: 'readonly',
        Headers: 'readonly',
        ReadableStream: 'readonly',
        Buffer: 'readonly',
        globalThis: 'readonly',
      },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [
      js.configs.recommended,
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
      rxjsX.configs.strict,
    ],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // `() => subscriber.complete()` is how RxJS reads.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Brackets say that a key may well not be there.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // Numbers in messages are plain to read.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A type of a union and a type of one shape may stand side by side, each in the form that reads best.
      '@typescript-eslint/consistent-type-definitions': 'off',
      // Empty callbacks and classes are values like any other here.
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Most of our streams never error, and say so; an error that nobody handles is thrown by RxJS, not lost.
      'rxjs-x/no-ignored-error': 'off',
      // A stream that ends without a value is an EmptyError, which is what is wanted.
      'rxjs-x/no-ignored-default-value': 'off',
      // What was caught is passed on as it came.
      'rxjs-x/throw-error': ['error', { allowThrowingAny: false, allowThrowingUnknown: true }],
    },
  },
  {
    files: ['lib/**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      'no-console': 'error',
      // What a factory returns is closures, with no `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      // An interface that users augment begins empty.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // `roots$` is the one Subject that is handed out, and the one that is subclassed: it is what users emit into.
      'rxjs-x/no-exposed-subjects': 'off',
      'rxjs-x/no-subclass': 'off',
      'rxjs-x/finnish': [
        'error',
        {
          // Functions are named for what they do (`ofMethod`, `connect`); the public ones that end in `$` are fixed by the API.
          functions: false,
          methods: false,
          objects: false,
          names: {
            '^(connect|open|send|project|factory|handler|respond|engine|getStream|watchedStream)$': false,
            // Options of a server, of which a list may be a stream.
            '^(tools|prompts|resources|completions)$': false,
          },
          types: { Function$: false, '^Listed$': false },
        },
      ],
    },
  },
  {
    files: ['lib/server/**/*.ts'],
    // The SDK's low-level `Server` is deprecated for everyday use only.
    rules: { '@typescript-eslint/no-deprecated': 'off' },
  },
  {
    files: ['lib/**/*.ts'],
    plugins: { layers: { rules: { order: layerOrder(layers) } } },
    rules: { 'layers/order': 'error' },
  },
  {
    files: layers.slice(0, layers.indexOf('client/http')).map((layer) => `lib/${layer}/**/*.ts`),
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['@modelcontextprotocol/*'],
              allowTypeImports: true,
              message: 'Only an engine loads the SDK; its types are free.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['{spec,examples,demo,dashboard,browser,bench,proof,scripts}/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/require-await': 'off',
      // The SDK's low-level `Server` is deprecated for everyday use; a server that misbehaves on purpose needs it.
      '@typescript-eslint/no-deprecated': 'off',
      // Jest's matchers take methods apart.
      '@typescript-eslint/unbound-method': 'off',
      // Specs subscribe for the effect, inside and out.
      'rxjs-x/no-nested-subscribe': 'off',
      'rxjs-x/no-floating-observables': 'off',
      'rxjs-x/no-exposed-subjects': 'off',
    },
  },
);
