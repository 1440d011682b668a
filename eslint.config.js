import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import rxjsX from 'eslint-plugin-rxjs-x';
import tseslint from 'typescript-eslint';
import { layerOrder } from './scripts/lint/layerOrder.mjs';

// The layers of lib/, lowest first. A folder may only import from itself and from earlier folders. The client accesses Node
// through `#platform`.
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
  'client/onDemand',
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
    'spec/types/exact/',
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
      // Allow `() => subscriber.complete()`, which is common in RxJS code.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Brackets mark access to a key that may be missing.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // Messages may contain numbers.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Allow both `interface` and `type`.
      '@typescript-eslint/consistent-type-definitions': 'off',
      // Allow empty callbacks and classes.
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Most streams of this library never error. RxJS reports unhandled errors.
      'rxjs-x/no-ignored-error': 'off',
      // An EmptyError is intended if a stream completes without a value.
      'rxjs-x/no-ignored-default-value': 'off',
      // Caught values are rethrown unchanged.
      'rxjs-x/throw-error': ['error', { allowThrowingAny: false, allowThrowingUnknown: true }],
    },
  },
  {
    files: ['lib/**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      'no-console': 'error',
      // Factories return closures that do not use `this`.
      '@typescript-eslint/unbound-method': 'off',
      // Interfaces that users augment are empty.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // `roots$` is the only public Subject, and the only subclass of one. Users emit roots into it.
      'rxjs-x/no-exposed-subjects': 'off',
      'rxjs-x/no-subclass': 'off',
      'rxjs-x/finnish': [
        'error',
        {
          // Functions are named after their action (`ofMethod`, `connect`). The API defines which public ones end in `$`.
          functions: false,
          methods: false,
          objects: false,
          names: {
            '^(connect|open|send|project|factory|handler|respond|engine|getStream|watchedStream)$': false,
            // Server options that can be a list or a stream of lists.
            '^(tools|prompts|resources|completions)$': false,
          },
          types: { Function$: false, '^ListSource$': false },
        },
      ],
    },
  },
  {
    files: ['lib/server/**/*.ts'],
    // The server uses the SDK's low-level `Server`, which is deprecated only for common use.
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
              message: 'Only engines may import the SDK at run time. Use `import type`.',
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
      // Test servers that simulate faults need the SDK's low-level `Server`, which is deprecated for common use.
      '@typescript-eslint/no-deprecated': 'off',
      // Jest's matchers receive unbound methods.
      '@typescript-eslint/unbound-method': 'off',
      // Specs subscribe inside of other subscriptions, and for side effects.
      'rxjs-x/no-nested-subscribe': 'off',
      'rxjs-x/no-floating-observables': 'off',
      'rxjs-x/no-exposed-subjects': 'off',
    },
  },
);
