export { findFillers } from './fillers.ts';
export { DEFAULT_FILLERS, type FillerLists, type FillerPhrase } from './fillerLists.ts';
export { planTighten, type TightenPlan } from './plan.ts';
export { findRepeats } from './repeats.ts';
export { DEFAULT_SILENCE, findSilences, type SilenceOptions } from './silences.ts';
export { REMOVAL_KINDS, REMOVAL_REASONS, type Removal, type RemovalKind, type RemovalReason } from './types.ts';
