/** What the decoder reads before it writes: names and terms, then the language and the task. */
import type { SpeechTokenizer } from './tokenizer.ts';
import type { SpeechChunk } from './types.ts';
import { CONTEXT } from './whisperConfig.ts';

/** Whisper was trained with at most half of its window for what came before, less one for the token that opens it. */
const MOST_PROMPT = CONTEXT / 2 - 1;
/** "These are sentences in Mandarin." Brings Simplified script and punctuation; a prompt with other content makes Chinese worse. */
const LANGUAGE_PROMPTS: Partial<Record<string, string>> = { zh: '以下是普通话的句子。' };

/** Tokens to begin with. The language's own prompt comes last, nearest to the text; of too many terms the first are kept. */
export function promptTokens(tokenizer: SpeechTokenizer, language: string, { task, prompt }: Pick<SpeechChunk, 'task' | 'prompt'>): number[] {
  const { sot, sot_prev, transcribe, translate, first_language } = tokenizer.config;
  const own = task === 'transcribe' ? tokenizer.encode(LANGUAGE_PROMPTS[language] ?? '') : [];
  const terms = termsOf(prompt);
  const before = [...tokenizer.encode(terms === '' ? '' : ` ${terms}`).slice(0, MOST_PROMPT - own.length), ...own];
  const begin = [sot, tokenizer.languageToken(language) ?? first_language, task === 'translate' ? translate : transcribe];
  return before.length === 0 ? begin : [sot_prev, ...before, ...begin];
}

/** One line, commas between the terms, a full stop behind them: looks like text, which is what the decoder was trained on. */
function termsOf(prompt: string): string {
  const terms = prompt.split(/[\n,，、;；]+/).map((term) => term.trim());
  const joined = terms.filter((term) => term !== '').join(', ');
  return joined === '' || /[.!?。！？]$/.test(joined) ? joined : `${joined}.`;
}
