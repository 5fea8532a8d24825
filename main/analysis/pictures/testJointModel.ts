/**
 * For tests: a joint image-text model of a few bytes. A picture's vector is its mean colour, a text's the mean of its words' colours, so that
 * "red" finds a red frame. The ONNX files are written field by field (protocol buffers; onnx.proto of the ONNX project names the numbers).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const encoder = new TextEncoder();

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest >= 128 ? (rest % 128) + 128 : rest);
    if (rest < 128) return bytes;
  }
}

const number = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];
const bytes = (field: number, value: ArrayLike<number>): number[] => [...varint(field * 8 + 2), ...varint(value.length), ...Array.from(value)];
const text = (field: number, value: string): number[] => bytes(field, encoder.encode(value));

interface NodeSpec {
  op: string;
  inputs: string[];
  output: string;
  /** Attributes that are lists of whole numbers, or one. */
  attributes?: Record<string, number | number[]>;
}

function node({ op, inputs, output, attributes = {} }: NodeSpec): number[] {
  const given = Object.entries(attributes).flatMap(([name, value]) => {
    const content = typeof value === 'number' ? [...number(3, value), ...number(20, 2)] : [...value.flatMap((each) => number(8, each)), ...number(20, 7)];
    return bytes(5, [...text(1, name), ...content]);
  });
  return [...inputs.flatMap((input) => text(1, input)), ...text(2, output), ...text(4, op), ...given];
}

function floats(name: string, dims: number[], values: readonly number[]): number[] {
  return [...dims.flatMap((size) => number(1, size)), ...number(2, 1), ...text(8, name), ...bytes(9, new Uint8Array(Float32Array.from(values).buffer))];
}

/** `kind`: 1 float, 7 int64. */
function value(name: string, kind: number, dims: readonly (number | string)[]): number[] {
  const shape = dims.flatMap((size) => bytes(1, typeof size === 'number' ? number(1, size) : text(2, size)));
  return [...text(1, name), ...bytes(2, bytes(1, [...number(1, kind), ...bytes(2, shape)]))];
}

interface GraphSpec {
  nodes: NodeSpec[];
  weights: number[][];
  inputs: number[][];
  output: number[];
}

function model({ nodes, weights, inputs, output }: GraphSpec): Uint8Array {
  const graph = [...nodes.flatMap((each) => bytes(1, node(each))), ...text(2, 'tiny'), ...weights.flatMap((each) => bytes(5, each)), ...inputs.flatMap((each) => bytes(11, each)), ...bytes(12, output)];
  return Uint8Array.from([...number(1, 8), ...bytes(7, graph), ...bytes(8, [...text(1, ''), ...number(2, 13)])]);
}

const COLOURS: Record<string, [number, number, number]> = { red: [1, 0, 0], green: [0, 1, 0], blue: [0, 0, 1] };

/** Writes the model; `dimensions` of the text's half may be made to differ, to test what is said then. */
export function writeJointModel(folder: string, { textDimensions = 3, withMask = false }: { textDimensions?: number; withMask?: boolean } = {}): string {
  mkdirSync(folder, { recursive: true });
  const vocab: Record<string, number> = {};
  const rows: number[][] = [];
  const put = (token: string, row: number[]): void => {
    vocab[token] = rows.length;
    rows.push([...row, ...Array.from({ length: textDimensions - 3 }, () => 0)]);
  };
  const merges: string[] = [];
  const gray: [number, number, number] = [0.01, 0.01, 0.01];
  put('<|startoftext|>', gray);
  put('<|endoftext|>', [0, 0, 0]);
  for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
    put(letter, gray);
    put(`${letter}</w>`, gray);
  }
  for (const [word, colour] of Object.entries(COLOURS)) {
    for (let end = 2; end <= word.length; end++) {
      const last = end === word.length ? '</w>' : '';
      merges.push(`${word.slice(0, end - 1)} ${word.slice(end - 1, end)}${last}`);
      put(word.slice(0, end) + last, last ? colour : gray);
    }
  }
  const image = model({
    nodes: [
      { op: 'ReduceMean', inputs: ['pixel_values'], output: 'mean', attributes: { axes: [2, 3], keepdims: 0 } },
      { op: 'MatMul', inputs: ['mean', 'weights'], output: 'image_embeds' },
    ],
    weights: [floats('weights', [3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1])],
    inputs: [value('pixel_values', 1, ['batch', 3, 16, 16])],
    output: value('image_embeds', 1, ['batch', 3]),
  });
  const words = model({
    nodes: [
      { op: 'Gather', inputs: ['table', 'input_ids'], output: 'each', attributes: { axis: 0 } },
      { op: 'ReduceMean', inputs: ['each'], output: 'text_embeds', attributes: { axes: [1], keepdims: 0 } },
    ],
    weights: [floats('table', [rows.length, textDimensions], rows.flat())],
    inputs: [value('input_ids', 7, ['batch', 'tokens']), ...(withMask ? [value('attention_mask', 7, ['batch', 'tokens'])] : [])],
    output: value('text_embeds', 1, ['batch', textDimensions]),
  });
  writeFileSync(join(folder, 'image.onnx'), image);
  writeFileSync(join(folder, 'text.onnx'), words);
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify({ model: { type: 'BPE', vocab, merges, end_of_word_suffix: '</w>' } }));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ size: 16, mean: [0, 0, 0], std: [1, 1, 1], contextLength: 12 }));
  return folder;
}
