/** Names of caption formats as people know them. */
import type { CaptionFormat } from '../../../shared/captions/formats/types.ts';
import { m } from '../../../shared/i18n/index.ts';

export function formatName(format: CaptionFormat): string {
  switch (format) {
    case 'srt':
      return 'SubRip (.srt)';
    case 'vtt':
      return 'WebVTT (.vtt)';
    case 'ass':
      return 'ASS (.ass)';
    case 'ttml':
      return 'TTML (.ttml)';
    case 'txt':
      return m.export_captions_format_text();
    case 'json':
      return m.export_captions_format_json();
  }
}
