import { m } from '../../shared/i18n/index.ts';

/** Wrong usage, with the sentence for it. */
export class UsageError extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'UsageError';
  }
}

/** A parser of an option that takes one of some words. */
export function oneOf<T extends string>(name: string, values: readonly T[]): (text: string) => T {
  return (text) => {
    const found = values.find((value) => value === text.toLowerCase());
    if (found !== undefined) return found;
    throw new UsageError(m.cli_usage_bad_value({ value: text, name, wanted: m.cli_help_choices({ values: values.join(', ') }) }));
  };
}
