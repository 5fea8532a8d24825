/** The table of shots and tags as JSON: what `exportTable` writes. Times in seconds, ends exclusive. */
import { z } from 'zod';
import { boxSchema, tagSourceSchema, transitionSchema, type KeyframeEvent, type ShotEvent, type TagEvent } from './events.ts';
import type { Media } from './media.ts';
import { toSeconds } from './time.ts';

export const shotTableSchema = z.object({
  /** Version of this form. */
  version: z.literal(1),
  media: z.object({
    name: z.string(),
    /** Fingerprint of the file's content. */
    id: z.string(),
    duration: z.number().nullable(),
    /** Frames a second, "30000/1001"; null without video. */
    frameRate: z.string().nullable(),
    width: z.number().int().nullable(),
    height: z.number().int().nullable(),
  }),
  /** Clips of the media on the lane, in their order; absent where there are none. */
  clips: z
    .array(
      z.object({
        name: z.string(),
        start: z.number(),
        end: z.number(),
        /** What is done to its pictures; null: nothing, or a background alone. */
        style: z.string().nullable(),
        /** A network makes pictures of it, wholly or in part. */
        generated: z.boolean(),
        /** Networks that make them, by the ids of models/manifest.json. */
        models: z.array(z.string()),
      }),
    )
    .optional(),
  shots: z.array(
    z.object({
      index: z.number().int(),
      start: z.number(),
      end: z.number(),
      startFrame: z.number().int(),
      endFrame: z.number().int(),
      transitionIn: transitionSchema,
      confidence: z.number(),
      keyframes: z.array(z.object({ time: z.number(), frame: z.number().int() })),
      tags: z.array(z.object({ label: z.string(), score: z.number(), source: tagSourceSchema, box: boxSchema.optional() })),
    }),
  ),
});
export type ShotTable = z.infer<typeof shotTableSchema>;

/** What an analysis found, in any order of events. */
export interface Findings {
  shots: readonly ShotEvent[];
  keyframes: readonly KeyframeEvent[];
  tags: readonly TagEvent[];
}

/** One row a shot, in time order; its tags best first. */
export function shotTable(media: Media, findings: Findings): ShotTable {
  const { video } = media;
  const shots = [...findings.shots].sort((a, b) => a.index - b.index);
  return {
    version: 1,
    media: {
      name: media.name,
      id: media.id,
      duration: media.duration === null ? null : toSeconds(media.duration),
      frameRate: video ? `${video.frameRate.num}/${video.frameRate.den}` : null,
      width: video?.displayWidth ?? null,
      height: video?.displayHeight ?? null,
    },
    shots: shots.map(({ index, start, end, startFrame, endFrame, transitionIn, confidence }) => ({
      index,
      start: toSeconds(start),
      end: toSeconds(end),
      startFrame,
      endFrame,
      transitionIn,
      confidence,
      keyframes: findings.keyframes
        .filter((keyframe) => keyframe.shot === index)
        .sort((a, b) => a.rank - b.rank)
        .map(({ time, frame }) => ({ time: toSeconds(time), frame })),
      tags: findings.tags
        .filter((tag) => tag.shot === index)
        .sort((a, b) => b.score - a.score)
        .map(({ label, score, source, box }) => ({ label, score, source, ...(box ? { box } : {}) })),
    })),
  };
}
