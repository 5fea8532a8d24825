/** Which frames of a media are looked at. */
import type { KeyframeEvent, ShotEvent } from '../../../shared/events.ts';
import { add, fromSeconds, type Flicks } from '../../../shared/time.ts';

export const PLAN_RULES = {
  /** Seconds between looks into a long shot: slides change by dissolves that are no cut. */
  every: 10,
  /** A look this near (seconds) to a keyframe is left out. */
  near: 2,
} as const;

export interface Look {
  shot: number;
  time: Flicks;
  /** True: a keyframe, whose time is a frame's own. */
  exact: boolean;
  /** True: the keyframe that stands for its shot. */
  first: boolean;
}

/** In order of time within each shot. */
export function looksOf(shots: readonly ShotEvent[], keyframes: readonly KeyframeEvent[]): Look[] {
  const byShot = new Map<number, KeyframeEvent[]>();
  for (const keyframe of keyframes) byShot.set(keyframe.shot, [...(byShot.get(keyframe.shot) ?? []), keyframe]);
  return shots.flatMap((shot) => {
    const own = byShot.get(shot.index) ?? [];
    const looks: Look[] = own.map(({ time, rank }) => ({ shot: shot.index, time, exact: true, first: rank === 0 }));
    const [every, near] = [fromSeconds(PLAN_RULES.every), fromSeconds(PLAN_RULES.near)];
    for (let time = add(shot.start, every); time < shot.end - near; time = add(time, every)) {
      if (own.every((keyframe) => Math.abs(keyframe.time - time) >= near)) looks.push({ shot: shot.index, time, exact: false, first: false });
    }
    return looks.sort((a, b) => a.time - b.time);
  });
}
