/** The visible label in generated pictures: a small text in the lower left, within the safe area. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExpectedError } from '../../shared/errors.ts';
import { m } from '../../shared/i18n/index.ts';
import { hasFilters } from '../media/ffmpeg.ts';
import { filterValue } from '../media/filterText.ts';
import { findFontsDir } from '../media/fonts.ts';
import type { StyleContext } from './context.ts';

/** Of the picture's short side. */
const TEXT_HEIGHT = 0.038;
const LEAST_TEXT_HEIGHT = 9;
/** Of width and height: the title-safe area of SMPTE ST 2046-1 begins 5 % in. */
const MARGIN = 0.05;

/**
 * An ffmpeg filter that draws the label into rgb24 or rgba frames shown at `size`. Its script is written to `context.folder`. Throws
 * ExpectedError captions_cannot_burn where ffmpeg was built without libass.
 */
export async function labelFilter(size: { width: number; height: number }, { folder, locale }: Pick<StyleContext, 'folder' | 'locale'>): Promise<string> {
  if (!(await hasFilters('ass'))) throw new ExpectedError('captions_cannot_burn');
  const text = m.style_label_text({}, locale ? { locale } : {});
  await mkdir(folder, { recursive: true });
  // The name tells the content: whoever else writes it writes the same.
  const path = join(folder, `label-${locale ?? 'own'}-${size.width}x${size.height}.ass`);
  await writeFile(path, labelScript(text, size));
  const fonts = findFontsDir();
  return `ass=filename=${filterValue(path)}:original_size=${size.width}x${size.height}:alpha=1${fonts ? `:fontsdir=${filterValue(fonts)}` : ''}`;
}

/** White with a dark rim, so that it can be read on anything. */
export function labelScript(text: string, { width, height }: { width: number; height: number }): string {
  const size = Math.max(LEAST_TEXT_HEIGHT, TEXT_HEIGHT * Math.min(width, height));
  const rim = Math.max(0.8, size / 14);
  return [
    '[Script Info]', 'ScriptType: v4.00+', `PlayResX: ${width}`, `PlayResY: ${height}`, 'ScaledBorderAndShadow: yes', 'WrapStyle: 2', '',
    '[V4+ Styles]',
    'Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, Bold, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding',
    `Style: Default,Noto Sans SC,${size.toFixed(1)},&H18FFFFFF,&H50000000,0,1,${rim.toFixed(2)},0,1,${Math.round(MARGIN * width)},0,${Math.round(MARGIN * height)},-1`, '',
    '[Events]', 'Format: Layer, Start, End, Style, Text',
    // The last moment that the format can tell; pieces are seconds long.
    `Dialogue: 0,0:00:00.00,9:59:59.99,Default,${text.replace(/[{}\\\n]/g, ' ')}`, '',
  ].join('\n');
}
