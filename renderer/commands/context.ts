import { getContext, setContext } from 'svelte';
import type { Commands } from './registry.ts';

const KEY = Symbol('commands');

export function provideCommands(commands: Commands): void {
  setContext(KEY, commands);
}
export function useCommands(): Commands {
  return getContext<Commands>(KEY);
}
