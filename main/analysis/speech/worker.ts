/** The speech worker: Whisper's two graphs on one thread, batches of chunks in, words out. */
import { readFileSync } from 'node:fs';
import { serveProgram } from '../../inference/program-host.ts';
import { recogniseBatch } from './recognition.ts';
import { SpeechTokenizer } from './tokenizer.ts';
import { WHISPER, type SpeechChunk } from './types.ts';
import { whisperConfigSchema } from './whisperConfig.ts';
import { WhisperGraphs } from './whisperGraphs.ts';

const readJson = (path: string | undefined): unknown => JSON.parse(readFileSync(path ?? '', 'utf8'));

serveProgram(async ({ runtime, models, session }) => {
  const files = models[WHISPER.decoder]?.companions ?? {};
  const config = whisperConfigSchema.parse(readJson(files[WHISPER.config]));
  const tokenizer = new SpeechTokenizer(readJson(files[WHISPER.tokenizer]) as object, config);
  const graphs = new WhisperGraphs({ runtime, config, encoder: await session(WHISPER.encoder), decoder: await session(WHISPER.decoder) });
  return {
    answer: (question, dropped) => recogniseBatch(question as SpeechChunk[], { graphs, tokenizer }, dropped),
    close: () => graphs.close(),
  };
});
