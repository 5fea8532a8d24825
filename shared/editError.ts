import { ExpectedError, type ErrorParams } from './errors.ts';

export type EditProblem =
  | 'unknown_clip'
  | 'duplicate_clip'
  | 'unknown_track'
  | 'duplicate_track'
  | 'unknown_cue'
  | 'duplicate_cue'
  | 'duplicate_speaker'
  | 'unknown_chapter'
  | 'duplicate_chapter'
  | 'strength_invalid'
  | 'style_empty'
  | 'unknown_style_picture'
  | 'style_picture_used'
  | 'range_invalid'
  | 'name_too_long'
  | 'position_invalid'
  | 'nothing_to_undo'
  | 'nothing_to_redo';

/** A command that can't be applied. On the wire it is `range_invalid` for a bad range, else `bad_request`. */
export class EditError extends ExpectedError {
  readonly problem: EditProblem;
  constructor(problem: EditProblem, params: ErrorParams = {}) {
    super(problem === 'range_invalid' ? 'range_invalid' : 'bad_request', { ...params, problem });
    this.name = 'EditError';
    this.problem = problem;
  }
}
