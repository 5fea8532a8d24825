/** Thresholds of the tags, chosen by looking at real results: THRESHOLDS.md tells why. */
export const TAG_RULES = {
  imagenet: {
    /** Least mean probability over the shot's samples. */
    least: 0.3,
    /** Most tags of one shot. */
    most: 3,
  },
  coco: {
    /** Least score of a box that counts. */
    box: 0.35,
    /** Least score of a shot's best box. */
    least: 0.46,
  },
  face: {
    box: 0.8,
    least: 0.8,
  },
  /** Boxes of one class that overlap more (intersection over union) are one. */
  overlap: 0.4,
  /** Samples of a shot that the detectors see: one for each `secondsEach`, within these bounds, keyframes included. */
  looks: { secondsEach: 4, least: 3, most: 12 },
} as const;
