/** `rushes ask`: the sentences of a talk that answer a question, with the part that does and its time. */
import { throwIfCancelled } from '../../shared/errors.ts';
import { m } from '../../shared/i18n/index.ts';
import { formatClock, toSeconds } from '../../shared/time.ts';
import type { Answer, AskResult, Sentence } from '../../shared/understanding/types.ts';
import { ask as askText } from '../analysis/language/ask.ts';
import { encoderFor } from '../analysis/language/language.ts';
import type { AskOptions } from './askOptions.ts';
import type { CommandContext } from './run.ts';
import { readText } from './textSource.ts';

export async function ask(options: AskOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const { question, file, limit } = options;
  const { sentences, language } = await readText(file, context, options.language);
  const texts = sentences.map(({ text }) => text);
  if (encoderFor(language, texts) === null) output.note(m.cli_warning({ sentence: m.cli_understand_language_unknown({ language }) }));
  const { encoder } = await context.engine();
  const result = await askText({ question, language, sentences, limit }, encoder, signal);
  throwIfCancelled(signal);
  if (options.json) await output.line(JSON.stringify(answersToJson(result, sentences)));
  else for (const line of answerLines(result, question, sentences)) await output.line(line);
}

/** Times in seconds where there are any; `line` counts from 0, as the cue or line of the text; `span` is in UTF-16 units of `text`. */
function answersToJson({ found, method, answers }: AskResult, sentences: readonly Sentence[]): Record<string, unknown> {
  return {
    found,
    method,
    answers: answers.map(({ sentence, text, span, start, end, speaker, score }) => ({
      text,
      answer: text.slice(...span),
      span,
      ...(start === null || end === null ? {} : { start: toSeconds(start), end: toSeconds(end) }),
      ...(speaker === null ? {} : { speaker }),
      line: sentences[sentence]?.line ?? 0,
      score: Number(score.toFixed(4)),
    })),
  };
}

/** One answer a line, what answers in «…»; where nothing does, that first, and the nearest sentences without a mark. */
function answerLines({ found, answers }: AskResult, question: string, sentences: readonly Sentence[]): string[] {
  const lines = answers.map((answer) => `${placeOf(answer, sentences)}  ${answer.speaker ? `${answer.speaker}: ` : ''}${found ? marked(answer) : answer.text}`);
  if (found) return lines;
  const nothing = m.cli_ask_not_found({ question });
  return lines.length === 0 ? [nothing] : [nothing, m.cli_ask_nearest(), ...lines.map((line) => `  ${line}`)];
}

const placeOf = ({ start, sentence }: Answer, sentences: readonly Sentence[]): string => (start === null ? m.cli_search_line({ n: (sentences[sentence]?.line ?? 0) + 1 }) : formatClock(start, 1));

const marked = ({ text, span: [from, to] }: Answer): string => `${text.slice(0, from)}«${text.slice(from, to)}»${text.slice(to)}`;
