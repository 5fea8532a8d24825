/**
 * What the BlazeFace of npm @vladmandic/human makes of a picture, for main/style/graphs.test.ts: the network run by TensorFlow.js, its best box decoded
 * as the package does (anchors: two for each cell of 16 x 16, six for each of 8 x 8; all numbers in pixels relative to the anchor's cell centre).
 *
 * usage: node blazeface_fixture.mjs PICTURE.png MODELS OUT.json      PICTURE: 256x256; MODELS: the package's folder models (see README.md)
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { div, sub, tensor } from '@tensorflow/tfjs-core';

const SIDE = 256;
const [picture, models, out] = process.argv.slice(2);

const { stdout, status, stderr } = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', '-i', picture, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-']);
if (status !== 0) throw new Error(stderr.toString());
const description = JSON.parse(readFileSync(`${models}/blazeface.json`, 'utf8'));
const weights = readFileSync(`${models}/blazeface.bin`);
const network = await loadGraphModel({
  load: async () => ({
    modelTopology: description.modelTopology,
    format: description.format,
    signature: description.userDefinedMetadata.signature,
    weightSpecs: description.weightsManifest.flatMap((part) => part.weights),
    weightData: weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length),
  }),
});

const given = sub(div(tensor(Float32Array.from(stdout), [1, SIDE, SIDE, 3]), 127.5), 1);
const [logits16, logits8, boxes16, boxes8] = network.execute(given, ['Identity:0', 'Identity_1:0', 'Identity_2:0', 'Identity_3:0']).map((answer) => answer.dataSync());
let best = { score: 0 };
for (const [logits, boxes, cells, copies] of [
  [logits16, boxes16, 16, 2],
  [logits8, boxes8, 8, 6],
]) {
  logits.forEach((logit, index) => {
    const score = 1 / (1 + Math.exp(-logit));
    if (score <= best.score) return;
    const cell = Math.floor(index / copies);
    const [x, y, width, height] = boxes.subarray(index * 16, index * 16 + 4);
    const centre = [((cell % cells) + 0.5) / cells + x / SIDE, (Math.floor(cell / cells) + 0.5) / cells + y / SIDE];
    best = { score, corners: [centre[0] - width / 2 / SIDE, centre[1] - height / 2 / SIDE, centre[0] + width / 2 / SIDE, centre[1] + height / 2 / SIDE] };
  });
}
writeFileSync(out, JSON.stringify([...best.corners, best.score].map((value) => Number(value.toFixed(5)))));
