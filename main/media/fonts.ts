/** The bundled caption fonts. */
import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The face that covers Latin, Greek, Cyrillic and Chinese. */
export const FONT_FILE = 'NotoSansSC-Regular.ttf';

/**
 * The folder with the caption fonts: `shared/fonts` of the project when run from source or from dist, `fonts` in the resources of an
 * installed app. Null when it is not there; libass then uses the system's fonts.
 */
export function findFontsDir(from = dirname(fileURLToPath(import.meta.url))): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    for (const candidate of [join(folder, 'shared', 'fonts'), join(folder, 'fonts')]) {
      // libass opens files itself and can't look into app.asar.
      if (existsSync(join(candidate, FONT_FILE))) return candidate.replace(`app.asar${sep}`, `app.asar.unpacked${sep}`);
    }
    if (folder === dirname(folder)) return null;
  }
}
