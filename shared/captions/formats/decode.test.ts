import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { decodeText } from './decode.ts';
import { readCaptions } from './index.ts';
import { Warnings } from './warnings.ts';

/** Real sentences; iconv writes them in each encoding. */
const TEXTS: Record<string, string> = {
  'windows-1252': 'Où êtes-vous né, déjà ? L’été à Besançon, ça va très bien.\n¿Qué pasó, señor? Él está aquí también.\nDie Straße ist schön, Grüße aus München!',
  'windows-1250': 'Zażółć gęślą jaźń, proszę się nie bać. Wszystko będzie dobrze, przyjacielu.\nPříliš žluťoučký kůň úpěl ďábelské ódy.',
  'windows-1251': 'Привет, как дела? Я давно тебя не видел, где ты был всё это время?\nНу что ж, пойдём.',
  'koi8-r': 'Привет, как дела? Я давно тебя не видел, где ты был всё это время?\nНу что ж, пойдём.',
  ibm866: 'Привет, как дела? Я давно тебя не видел, где ты был всё это время?',
  'windows-1253': 'Καλημέρα, τι κάνεις; Δεν σε έχω δει εδώ και πολύ καιρό.',
  'windows-1254': 'Günaydın, nasılsın? Seni çok özledim, şimdi eve gidiyoruz. Işığı söndür, ağabey.',
  'windows-1255': 'שלום, מה שלומך? לא ראיתי אותך הרבה זמן. איפה היית?',
  'windows-1256': 'مرحبا، كيف حالك؟ لم أرك منذ وقت طويل. أين كنت؟',
  'windows-1257': 'Labas rytas, kaip sekasi? Aš tavęs seniai nemačiau. Kur buvai visą šį laiką, žmogau?\nLabdien, kā jums klājas? Mēs jūs gaidījām.',
  gb18030: '你好，你最近怎么样？我们很久没有见面了。\n今天天气很好，我想出去走走。',
  big5: '你好，你最近怎麼樣？我們很久沒有見面了。\n今天天氣很好，我想出去走走。',
  shift_jis: 'おはようございます。お元気ですか？ずっと会っていませんでしたね。',
  'euc-kr': '안녕하세요, 어떻게 지내세요? 오랫동안 뵙지 못했습니다. 어디에 있었어요?',
  'utf-16le': 'Hello, 你好。',
  'utf-16be': 'Hello, 你好。',
};
const ICONV: Record<string, string> = { 'windows-1252': 'CP1252', 'windows-1250': 'CP1250', 'windows-1251': 'CP1251', 'windows-1253': 'CP1253', 'windows-1254': 'CP1254', 'windows-1255': 'CP1255', 'windows-1256': 'CP1256', 'windows-1257': 'CP1257', ibm866: 'CP866', 'koi8-r': 'KOI8-R', gb18030: 'GB18030', big5: 'BIG5', shift_jis: 'SJIS', 'euc-kr': 'EUC-KR', 'utf-16le': 'UTF-16LE', 'utf-16be': 'UTF-16BE' };
const encode = (text: string, encoding: string): Uint8Array => execFileSync('iconv', ['-f', 'UTF-8', '-t', ICONV[encoding] ?? encoding], { input: text });
const asSrt = (text: string): string => text.split('\n').map((line, index) => `${index + 1}\r\n00:00:0${index},000 --> 00:00:0${index + 1},000\r\n${line}\r\n`).join('\r\n');

describe('encodings of subtitle files', () => {
  it.each(Object.keys(TEXTS))('%s is found', (encoding) => {
    const read = readCaptions(encode(asSrt(TEXTS[encoding] ?? ''), encoding), { name: 'film.srt' });
    expect(read.cues.map((cue) => cue.text).join('\n')).toBe(TEXTS[encoding]);
    expect(read.encoding).toBe(encoding);
    expect(read.warnings).toEqual([{ code: 'encoding_guessed', count: 1, first: 1, detail: encoding }]);
  });

  it('each single line in it is enough', () => {
    const wrong: string[] = [];
    for (const [encoding, text] of Object.entries(TEXTS)) {
      for (const line of text.split('\n')) {
        const { text: decoded } = decodeText(encode(asSrt(line), encoding), undefined, '', new Warnings());
        if (!decoded.includes(line)) wrong.push(`${encoding}: ${line}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('UTF-8 and byte order marks are no guess, and marks in the middle go', () => {
    const text = asSrt('Où 你好 Привет');
    for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}\ufeff`), Buffer.concat([Buffer.from([0xff, 0xfe]), encode(text, 'utf-16le')]), Buffer.concat([Buffer.from([0xfe, 0xff]), encode(text, 'utf-16be')])]) {
      const read = readCaptions(bytes);
      expect(read.cues[0]?.text).toBe('Où 你好 Привет');
      expect(read.warnings).toEqual([]);
    }
  });

  it('UTF-8 with a few broken bytes stays UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from(asSrt('你最近怎么样？我们很久没有见面了')), Buffer.from([0xe4, 0xbd])]);
    const read = readCaptions(bytes);
    expect(read.encoding).toBe('utf-8');
    expect(read.cues[0]?.text).toContain('我们很久没有见面了');
    expect(read.warnings.map((warning) => warning.code)).toEqual(['encoding_guessed', 'encoding_damaged']);
  });
});
