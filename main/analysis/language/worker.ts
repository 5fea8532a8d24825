/** The language worker: one sentence encoder on one thread, texts in, embeddings out. */
import { readFileSync } from 'node:fs';
import type { InferenceSession } from 'onnxruntime-node';
import { serveProgram } from '../../inference/program-host.ts';
import type { Runtime } from '../../inference/ort.ts';
import { EMBEDDING_SIZE, ENCODERS, type EmbedQuestion } from './models.ts';
import { TextTokens } from './textTokens.ts';

serveProgram(async ({ runtime, models, session }) => {
  const encoder = Object.values(ENCODERS).find(({ model }) => models[model] !== undefined);
  if (!encoder) throw new Error('the language worker was given no encoder');
  const path = models[encoder.model]?.companions[encoder.tokenizer] ?? '';
  const tokens = new TextTokens(JSON.parse(readFileSync(path, 'utf8')) as object, encoder.window);
  const network = await session(encoder.model);
  return {
    answer: (question, dropped) => embedAll(question as EmbedQuestion, { runtime, network, tokens }, dropped),
    close: () => network.release(),
  };
});

interface Tools {
  runtime: Runtime;
  network: InferenceSession;
  tokens: TextTokens;
}

/** Embeddings of all texts, one after the other in one array; null when nobody waits any more. */
async function embedAll({ texts, prefix }: EmbedQuestion, tools: Tools, dropped: () => boolean): Promise<Float32Array | null> {
  const vectors = new Float32Array(texts.length * EMBEDDING_SIZE);
  for (const [i, text] of texts.entries()) {
    if (dropped()) return null;
    const sum = vectors.subarray(i * EMBEDDING_SIZE, (i + 1) * EMBEDDING_SIZE);
    for (const piece of tools.tokens.pieces(text, prefix)) {
      if (dropped()) return null;
      const vector = await embed(piece, tools);
      for (let k = 0; k < EMBEDDING_SIZE; k++) sum[k] = (sum[k] ?? 0) + (vector[k] ?? 0) * piece.length;
    }
    normalise(sum);
  }
  return vectors;
}

/** One text a run: with per-tensor dynamic quantisation an embedding depends on those beside it. */
async function embed(ids: readonly number[], { runtime, network }: Tools): Promise<Float32Array> {
  const shape = [1, ids.length];
  const { embedding } = await network.run({
    input_ids: new runtime.Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
    attention_mask: new runtime.Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
  });
  if (!(embedding?.data instanceof Float32Array)) throw new Error('the encoder gave no embedding');
  return embedding.data;
}

function normalise(vector: Float32Array): void {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (length > 0) for (let k = 0; k < vector.length; k++) vector[k] = (vector[k] ?? 0) / length;
}
