/** How well bytes read as Chinese, Japanese or Korean in one of their encodings. */

interface DoubleByte {
  encoding: string;
  /** Lead bytes of punctuation and of the characters of everyday use, as [from, to]; their trail bytes are at least `trail`. */
  leads: readonly (readonly [number, number])[];
  trail: number;
  /** The most frequent characters of running text. */
  frequent: string;
}

/** GB2312 and JIS X 0208 have everyday characters in their first level, Big5 in its first plane, KS X 1001 has Hangul in B0 to C8. */
const ENCODINGS: readonly DoubleByte[] = [
  { encoding: 'gb18030', leads: [[0xa1, 0xa3], [0xb0, 0xd7]], trail: 0xa1, frequent: '的一是不了在人有我他这个们来到时大地为子中你说生国年着就那和要她出也得里后自以会好没什么吗吧去想知道看能可上下对很都还过起，。？！' },
  { encoding: 'big5', leads: [[0xa1, 0xa3], [0xa4, 0xc6]], trail: 0x40, frequent: '的一是不了在人有我他這個們來到時大地為子中你說生國年著就那和要她出也得裡後自以會好沒什麼嗎吧去想知道看能可上下對很都還過起，。？！' },
  { encoding: 'shift_jis', leads: [[0x81, 0x83], [0x88, 0x97]], trail: 0x40, frequent: 'のにをはとがでたてしいなかっるよもこそうあらまりんさだけれどすきつくえわーンスルトイラリ、。' },
  { encoding: 'euc-jp', leads: [[0xa1, 0xa1], [0xa4, 0xa5], [0xb0, 0xcf]], trail: 0xa1, frequent: 'のにをはとがでたてしいなかっるよもこそうあらまりんさだけれどすきつくえわーンスルトイラリ、。' },
  { encoding: 'euc-kr', leads: [[0xb0, 0xc8]], trail: 0xa1, frequent: '이다는을의에가고지하로은서사기한도를나리어아그니라시인자게만있해대정일제보' },
];

/** Best of them and how well it fits: above 1 for running text, near 0 for text of other encodings. */
export function bestEastAsian(sample: Uint8Array): { encoding: string; score: number } {
  let best = { encoding: 'gb18030', score: -1 };
  for (const candidate of ENCODINGS) {
    const score = scoreDoubleByte(sample, candidate);
    if (score > best.score) best = { encoding: candidate.encoding, score };
  }
  return best;
}

function scoreDoubleByte(sample: Uint8Array, { encoding, leads, trail, frequent }: DoubleByte): number {
  const text = [...new TextDecoder(encoding).decode(sample)].filter((character) => character > '\u007f');
  if (text.length === 0) return 0;
  const broken = text.filter((character) => character === '\ufffd').length / text.length;
  // One in fifty may be damage; more is another encoding.
  if (broken > 0.02) return 0;
  const known = new Set(frequent);
  const share = text.filter((character) => known.has(character)).length / text.length;
  // Frequent characters are a quarter to a half of running text.
  return 0.7 * everyday(sample, leads, trail) + Math.min(1, 4 * share);
}

/** Share of the double bytes whose lead is of everyday use. */
function everyday(sample: Uint8Array, leads: DoubleByte['leads'], trail: number): number {
  let pairs = 0;
  let good = 0;
  for (let at = 0; at < sample.length; at++) {
    const lead = sample[at] ?? 0;
    if (lead < 0x81) continue;
    at += 1;
    pairs += 1;
    if ((sample[at] ?? 0) >= trail && leads.some(([from, to]) => lead >= from && lead <= to)) good += 1;
  }
  return pairs === 0 ? 0 : good / pairs;
}
