import js from '@eslint/js';
import globals from 'globals';
import svelte from 'eslint-plugin-svelte';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** design.md's rooms: who may import whom. Each entry forbids `target` to import `from`. */
const rooms = ['app', 'engine', 'media', 'inference', 'analysis', 'style', 'export', 'library', 'project', 'cli', 'bench'];
const allowed = {
  media: [],
  inference: [],
  library: [],
  analysis: ['media', 'inference', 'library'],
  style: ['media', 'inference', 'library'],
  export: ['media', 'inference', 'library'],
  project: ['media', 'inference', 'library'],
  engine: ['media', 'inference', 'library', 'analysis', 'style', 'export', 'project'],
  cli: ['engine', 'media', 'inference', 'library', 'analysis', 'style', 'export', 'project'],
  app: ['engine', 'cli'],
  bench: ['engine', 'cli', 'media', 'inference', 'library', 'analysis', 'style', 'export', 'project'],
};
const zones = [
  { target: './shared', from: ['./main', './renderer'], message: 'shared imports nothing of ours' },
  { target: './renderer', from: './main', message: 'the renderer imports shared only' },
  { target: './main', from: './renderer', message: 'main never imports the renderer' },
  ...rooms.flatMap((room) =>
    rooms
      .filter((other) => other !== room && !allowed[room].includes(other))
      .map((other) => ({ target: `./main/${room}`, from: `./main/${other}`, message: `${room} may not import ${other}` })),
  ),
];

export default ts.config(
  { ignores: ['dist', 'out', 'release', '.electron-dist', 'node_modules', 'shared/i18n/generated', 'test-results', 'models/tools'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    plugins: { 'import-x': importX },
    languageOptions: { globals: { ...globals.node } },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: './tsconfig.json' })],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/extensions': ['.ts', '.js', '.mjs'],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-default-export': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.ts'],
    // The same extensions as below: parsers that differ in them build the whole program anew whenever files of both take turns.
    languageOptions: { parserOptions: { projectService: true, extraFileExtensions: ['.svelte'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts', 'renderer/**/*.ts'],
    languageOptions: { globals: { ...globals.browser }, parserOptions: { parser: ts.parser, svelteConfig, extraFileExtensions: ['.svelte'], projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // State holds whole new sets and maps ($state.raw); plain ones elsewhere are caches that nothing on the screen reads.
      'svelte/prefer-svelte-reactivity': 'off',
      // Without stores, the rule that asks the type of every value in a template whether it is one has nothing to find, and takes an eighth of the linter's time.
      'svelte/require-store-reactive-access': 'off',
      'no-restricted-imports': ['error', { paths: [{ name: 'svelte/store', message: 'State lives in runes.' }] }],
    },
  },
);
