/**
 * Three kinds of failure (design.md): cancelled is silent, expected has a code and a sentence for the
 * person, and anything else is a bug.
 *
 * An expected error's sentence lives in the message catalogues under `error_<code>`; `params` fill it in.
 * Codes travel between processes as plain data, so each side speaks the user's language.
 */
export const EXPECTED_CODES = [
  'file_missing',
  'file_unreadable',
  'file_is_folder',
  'file_not_regular',
  'file_empty',
  'file_not_media',
  'file_damaged',
  'file_no_index',
  'file_changed',
  'no_video',
  'no_such_stream',
  'decoder_missing',
  'encoder_missing',
  'ffmpeg_missing',
  'ffmpeg_failed',
  'disk_full',
  'target_not_writable',
  'target_is_input',
  'target_exists',
  'target_folder_missing',
  'range_invalid',
  'range_outside',
  'nothing_selected',
  'nothing_left',
  'verify_failed',
  'model_missing',
  'model_short',
  'model_altered',
  'model_failed',
  'out_of_memory',
  'image_text_missing',
  'image_text_config',
  'image_text_failed',
  'image_text_apart',
  'provider_unavailable',
  'provider_unknown',
  'provider_absent',
  'library_locked',
  'library_damaged',
  'library_newer',
  'project_damaged',
  'project_newer',
  'engine_stopped',
  'not_granted',
  'bad_request',
  'captions_unreadable',
  'captions_empty',
  'captions_too_large',
  'captions_encoding_unknown',
  'captions_no_media',
  'captions_cannot_burn',
  'alpha_needs_container',
  'captions_cannot_embed',
  'captions_none',
  'chapters_container',
  'chapters_codec',
  'chapters_turned',
  'chapters_none',
  'style_picture_unreadable',
] as const;

export type ExpectedCode = (typeof EXPECTED_CODES)[number];
export type ErrorParams = Record<string, string | number>;

export class ExpectedError extends Error {
  readonly code: ExpectedCode;
  readonly params: ErrorParams;
  constructor(code: ExpectedCode, params: ErrorParams = {}, options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(params)}`, options);
    this.name = 'ExpectedError';
    this.code = code;
    this.params = params;
  }
}

export class CancelledError extends Error {
  constructor() {
    super('cancelled');
    this.name = 'CancelledError';
  }
}

/** Throws `CancelledError` when the signal has fired. */
export function throwIfCancelled(signal?: AbortSignal): void {
  if (signal?.aborted) throw new CancelledError();
}

/** The work's end, or a CancelledError as soon as the signal fires: the work itself goes on for others who wait for it. */
export function untilCancelled<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const cancel = (): void => reject(new CancelledError());
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
  });
}

export function isCancelled(error: unknown): boolean {
  return error instanceof CancelledError || (error instanceof Error && error.name === 'AbortError');
}

/** What crosses a process boundary in place of an Error. `detail` is for the log only, never shown. */
export type WireError =
  | { kind: 'cancelled' }
  | { kind: 'expected'; code: ExpectedCode; params: ErrorParams }
  | { kind: 'bug'; detail: string };

export function toWireError(error: unknown): WireError {
  if (isCancelled(error)) return { kind: 'cancelled' };
  if (error instanceof ExpectedError) return { kind: 'expected', code: error.code, params: error.params };
  return { kind: 'bug', detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

export function fromWireError(wire: WireError): Error {
  switch (wire.kind) {
    case 'cancelled':
      return new CancelledError();
    case 'expected':
      return new ExpectedError(wire.code, wire.params);
    case 'bug':
      return new Error(wire.detail);
  }
}
