/** Whisper sometimes falls into writing without any marks and stays there; a prompt with marks brings it back. Pure. */
import type { RecognisedChunk } from './types.ts';

/** Words (characters in Chinese and Japanese) that nobody says without a pause. */
const MOST_WITHOUT = 24;
const MARKS = /[.,;:?!。，、；：？！…।؟،]/u;

/** Small talk with marks, saying nothing that could slip into a text. */
const PROMPTS: Readonly<Record<string, string>> = {
  en: 'Well, let us begin. Shall we? Yes, of course.',
  zh: '以下是普通话的句子。',
  de: 'Nun, fangen wir an. Gut? Ja, natürlich.',
  fr: 'Bon, commençons. D’accord ? Oui, bien sûr.',
  es: 'Bueno, empecemos. ¿Vale? Sí, claro.',
  pt: 'Bem, vamos começar. Certo? Sim, claro.',
  it: 'Bene, cominciamo. Va bene? Sì, certo.',
  nl: 'Goed, laten we beginnen. Oké? Ja, natuurlijk.',
  ru: 'Ну, начнём. Хорошо? Да, конечно.',
  ja: 'では、始めましょう。いいですか？はい。',
  ko: '자, 시작합시다. 괜찮죠? 네, 그럼요.',
};

export function lacksPunctuation(heard: RecognisedChunk): boolean {
  const count = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(heard.text) ? [...heard.text].length : heard.words.length;
  return count > MOST_WITHOUT && !MARKS.test(heard.text);
}

/** Null for languages without one. */
export function punctuatedPrompt(language: string): string | null {
  return PROMPTS[language] ?? null;
}
