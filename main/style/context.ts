/** What styling needs of the rest of the engine. */
import type { Locale } from '../../shared/i18n/index.ts';
import type { Media, MediaId } from '../../shared/media.ts';
import type { Inference } from '../inference/types.ts';
import type { Library } from '../library/types.ts';
import type { Stylist } from './types.ts';

export interface StyleContext {
  inference: Pick<Inference, 'hash' | 'prefersInt8'>;
  stylist: Stylist;
  /** Shots that were found already are kept to. */
  library: Pick<Library, 'latestEvents'>;
  /** Renders are kept in it, bounded. Made when it isn't there. */
  folder: string;
  /** An open media by its id. */
  find(id: MediaId): Promise<Media>;
  signal: AbortSignal;
  /** Language of the label in the picture; default: the process's own. */
  locale?: Locale;
  /** Bytes that all renders together may take; default 10 GB. */
  limit?: number;
}
