/** The current project. */
import type { EditCommand } from '../../shared/edit.ts';
import type { EngineResult } from '../../shared/ipc/engine.ts';
import type { Media } from '../../shared/media.ts';
import type { Target } from './grants.ts';

export class Projects {
  constructor(_engine: unknown, _folder: string) {}
  open(_path: string): Promise<Media[]> { return Promise.reject(new Error('pending')); }
  append(_commands: EditCommand[]): Promise<void> { return Promise.reject(new Error('pending')); }
  load(): Promise<EngineResult<'projectLoad'>> { return Promise.reject(new Error('pending')); }
  begin(): Promise<void> { return Promise.reject(new Error('pending')); }
  save(_target: Target): Promise<void> { return Promise.reject(new Error('pending')); }
  close(): void {}
}
