import { execFileSync } from 'node:child_process';
import { appendFile, copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Media } from '../../shared/media.ts';
import { useLocale } from '../../shared/i18n/index.ts';
import { painting } from '../../shared/style/effect.ts';
import type { ClipEffect } from '../../shared/style/types.ts';
import { ZERO } from '../../shared/time.ts';
import { probeMedia } from '../media/probe.ts';
import { appendXmp, DIGITAL_SOURCE_TYPE, generatedMetadata, generatedTags, readXmp, verifyGenerated, xmpPacket } from './generated.ts';
import { at, exportAll, ffmpeg, makeClip, rangeOf, testFolder } from './testMedia.ts';
import { CUT_OUT, fakeRenderer, styled, styledAs, VINTAGE } from './testStyled.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
let source: Media;
beforeAll(async () => {
  folder = await testFolder('generated');
  source = await makeClip(join(folder.path, 'source.mp4'), { seconds: 2, rate: '25', video: ['-c:v', 'libx264', '-preset', 'veryfast', '-metadata', 'comment=shot by the sea'] });
});
afterAll(async () => {
  useLocale('en');
  await folder.remove();
});
const file = (name: string): string => join(folder.path, name);

const MODELS = new Map([
  ['cyclegan-vintage', { id: 'cyclegan-vintage', sha256: '0123456789abcdef' }],
  ['painter-26', { id: 'painter-26', sha256: 'fedcba9876543210' }],
]);
const describeAs = (effects: readonly ClipEffect[]) => Promise.resolve(generatedMetadata(effects, MODELS, '9.9'));
const STATEMENT = 'Contains pictures generated on this machine by Rushes 9.9: CycleGAN vintage (cyclegan-vintage, sha256 01234567)';

function tagsOf(path: string): Record<string, string> {
  const text = execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format_tags', '-of', 'json', path], { encoding: 'utf8' });
  const { tags } = (JSON.parse(text) as { format: { tags: Record<string, string> } }).format;
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [name.toLowerCase(), value]));
}

async function exportStyled(name: string, effects: (ClipEffect | null)[], joined = false): Promise<string> {
  const { render } = fakeRenderer([source], folder.path);
  const ranges = effects.map((effect, i) => {
    const range = rangeOf(source, at(i * 0.4), at(i * 0.4 + 0.4));
    return effect ? styled(range, effect) : range;
  });
  const container = name.slice(name.lastIndexOf('.') + 1) as 'mp4';
  await exportAll([source], ranges, { join: joined, mode: 'exact', container }, { file: file(name) }, { overwrite: false, render, describe: describeAs });
  return file(name);
}

describe('what a file with generated pictures says', () => {
  it.each(['mp4', 'mov'])('is in the comment, after the source’s own, and in the XMP of %s', async (extension) => {
    const path = await exportStyled(`said.${extension}`, [VINTAGE]);
    expect(tagsOf(path).comment).toBe(`shot by the sea\n${STATEMENT}`);
    const xmp = await readXmp(path);
    expect(xmp).toContain(`<Iptc4xmpExt:DigitalSourceType>${DIGITAL_SOURCE_TYPE}</Iptc4xmpExt:DigitalSourceType>`);
    expect(xmp).toContain('<xmp:CreatorTool>Rushes 9.9</xmp:CreatorTool>');
    expect(xmp).toContain('<Iptc4xmpExt:AISystemUsed>CycleGAN vintage (cyclegan-vintage)</Iptc4xmpExt:AISystemUsed>');
    expect(xmp).toContain('<Iptc4xmpExt:AISystemVersionUsed>0123456789abcdef</Iptc4xmpExt:AISystemVersionUsed>');
    // ffmpeg finds the packet by itself.
    const exported = execFileSync('ffprobe', ['-v', 'error', '-export_xmp', '1', '-show_entries', 'format_tags=xmp', '-of', 'json', path], { encoding: 'utf8' });
    expect(exported).toContain('compositeWithTrainedAlgorithmicMedia');
  });

  it.each(['mkv', 'webm'])('is in the tags of %s', async (extension) => {
    const tags = tagsOf(await exportStyled(`said.${extension}`, [VINTAGE]));
    expect(tags).toMatchObject({ comment: `shot by the sea\n${STATEMENT}`, digital_source_type: DIGITAL_SOURCE_TYPE, creator_tool: 'Rushes 9.9', ai_system_used: 'CycleGAN vintage (cyclegan-vintage)', ai_system_version_used: '0123456789abcdef' });
  });

  it('names each model of joined clips once', async () => {
    const path = await exportStyled('joined.mp4', [VINTAGE, null, styledAs(painting(3)), VINTAGE], true);
    expect(tagsOf(path).comment).toContain(`${STATEMENT}, 26-style painter (painter-26, sha256 fedcba98)`);
    expect(await readXmp(path)).toContain('0123456789abcdef, fedcba9876543210');
  });

  it('is in English whatever the language of the app, and said once', async () => {
    useLocale('zh-CN');
    const generated = generatedMetadata([VINTAGE, VINTAGE], MODELS, '9.9');
    useLocale('en');
    expect(generated?.statement).toBe(STATEMENT);
    if (generated) expect(generatedTags(generated, `a\n${STATEMENT}`, 'mp4').comment).toBe(`a\n${STATEMENT}`);
    await Promise.resolve();
  });

  it('goes on with what is cut of the file, copied or joined, beside what is new', async () => {
    const first = await probeMedia(await exportStyled('first.mp4', [VINTAGE]));
    const cut = rangeOf(first, at(0), at(0.4));
    const { how } = await exportAll([first], [cut], { join: false, mode: 'copy' }, { file: file('again.mp4') });
    expect(how[0]).toMatch(/^copy/);
    expect(tagsOf(file('again.mp4')).comment).toBe(`shot by the sea\n${STATEMENT}`);
    expect(await readXmp(file('again.mp4'))).toContain('compositeWithTrainedAlgorithmicMedia');
    const { render } = fakeRenderer([first, source], folder.path);
    const ranges = [rangeOf(source, at(0), at(0.4)), cut, styled(cut, styledAs(painting(3)))];
    await exportAll([first, source], ranges, { join: true, mode: 'auto', container: 'mkv' }, { file: file('both.mkv') }, { overwrite: false, render, describe: describeAs });
    const second = 'Contains pictures generated on this machine by Rushes 9.9: 26-style painter (painter-26, sha256 fedcba98)';
    expect(tagsOf(file('both.mkv'))).toMatchObject({ comment: `${STATEMENT}\n${second}`, digital_source_type: DIGITAL_SOURCE_TYPE });
    const plain = await exportAll([source], [rangeOf(source, at(0), at(0.4))], { join: false, mode: 'exact' }, { file: file('plain.mp4') });
    expect(plain.files).toHaveLength(1);
    expect(await readXmp(file('plain.mp4'))).toBeNull();
  });

  it('is nothing where no network made a picture', async () => {
    const blurred: ClipEffect = { ...CUT_OUT, background: { mode: 'blur', amount: 1 } };
    const weak: ClipEffect = { ...VINTAGE, strength: [{ at: ZERO, value: 0 }], label: true };
    expect(generatedMetadata([blurred, weak], MODELS, '9.9')).toBeNull();
    const path = await exportStyled('blurred.mp4', [blurred]);
    expect(tagsOf(path).comment).toBe('shot by the sea');
    expect(await readXmp(path)).toBeNull();
  });
});

describe('checking what was written', () => {
  it('takes a file without the statement or with a torn packet for damaged', async () => {
    const generated = generatedMetadata([VINTAGE], MODELS, '9.9');
    if (!generated) throw new Error('nothing generated');
    await copyFile(source.path, file('silent.mp4'));
    await expect(verifyGenerated(file('silent.mp4'), generated, 'mp4')).rejects.toMatchObject({ code: 'verify_failed', params: { what: 'comment' } });
    await ffmpeg('-i', source.path, '-c', 'copy', '-metadata', `comment=${STATEMENT}`, file('torn.mp4'));
    await expect(verifyGenerated(file('torn.mp4'), generated, 'mp4')).rejects.toMatchObject({ code: 'verify_failed', params: { what: 'xmp' } });
    await appendXmp(file('torn.mp4'), generated, 'mp4');
    await verifyGenerated(file('torn.mp4'), generated, 'mp4');
    await appendFile(file('torn.mp4'), 'x');
    await expect(verifyGenerated(file('torn.mp4'), generated, 'mp4')).rejects.toMatchObject({ code: 'verify_failed', params: { what: 'xmp' } });
  });

  it('walks boxes of 64 bit sizes, and of no sense', async () => {
    const box = Buffer.alloc(32);
    box.writeUInt32BE(1);
    box.write('mdat', 4, 'latin1');
    box.writeBigUInt64BE(32n, 8);
    await writeFile(file('large.mp4'), box);
    const generated = generatedMetadata([VINTAGE], MODELS, '9.9');
    if (!generated) throw new Error('nothing generated');
    await appendXmp(file('large.mp4'), generated, 'mp4');
    expect(await readXmp(file('large.mp4'))).toBe(xmpPacket(generated));
    box.writeBigUInt64BE(2n ** 60n, 8);
    await writeFile(file('wrong.mp4'), box);
    await expect(readXmp(file('wrong.mp4'))).rejects.toThrow(RangeError);
  });

  it('keeps names with signs of XML apart from it', () => {
    const packet = xmpPacket({ statement: 'a & b <c> "d"', creator: "R'", models: [] });
    expect(packet).toContain('a &#38; b &#60;c&#62; &#34;d&#34;');
    expect(packet).toContain('R&#39;');
  });
});
