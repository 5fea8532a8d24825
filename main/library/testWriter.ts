/** A process that writes to a library, for the test of several at once: FOLDER MEDIA PIECES. */
import { openLibrary } from './library.ts';
import { ZERO } from '../../shared/time.ts';

const [folder = '', media = '', pieces = '0'] = process.argv.slice(2);
const library = openLibrary({ folder, searchTerms: () => [] });
const key = { media, stage: 's', modelHash: '', params: '' };
for (let piece = 0; piece < Number(pieces); piece += 1) library.append(key, [{ type: 'preview', time: ZERO, picture: String(piece) }], piece);
library.close();
