/** What the search looks at, of one open database. */
import type { MediaId } from '../../shared/media.ts';
import type { Database } from './database.ts';
import { Embeddings } from './embeddings.ts';
import { PictureIndex } from './pictureIndex.ts';
import { ShotIndex } from './shotIndex.ts';
import { Talks } from './talks.ts';

export class SearchStore {
  readonly embeddings: Embeddings;
  readonly talks: Talks;
  readonly pictures: PictureIndex;
  readonly shots: ShotIndex;
  readonly meaningMissing: Error | null;

  constructor(database: Database) {
    this.embeddings = new Embeddings(database);
    this.talks = new Talks(database);
    this.pictures = new PictureIndex(database);
    this.shots = new ShotIndex(database);
    this.meaningMissing = database.vectorsMissing;
  }

  forget(media: MediaId): void {
    this.talks.remove(media);
    this.pictures.remove(media);
  }
}
