/** English names for the outputs of the tag models. */
import { label } from '../../shared/labels.ts';

export { searchTerms } from '../../shared/labels.ts';

/** Name of output `index` (0 to 999) of efficientnet-lite0. */
export const imagenetLabel = (index: number): string => label('imagenet', index).name;

/** Name of class `index` (0 to 79) in a detection of centernet-coco. */
export const cocoLabel = (index: number): string => label('coco', index).name;
