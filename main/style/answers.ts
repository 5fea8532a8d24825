/** What the worker does for each question. */
import { carryFrame, makeKey } from './carryFrame.ts';
import { guideOf } from './generators/layOver.ts';
import { MODELS } from './models.ts';
import { flowBetween, motionError } from './motion.ts';
import { pictureTensor, type Networks } from './networks.ts';
import { paintFrame } from './paintFrame.ts';
import type { Answer, Question, Questions } from './questions.ts';
import type { RgbFrame } from './types.ts';

export async function answerQuestion(networks: Networks, question: Question, dropped: () => boolean): Promise<Answer> {
  if ('frame' in question) networks.expect(question.frame);
  switch (question.kind) {
    case 'paint':
      return paintFrame(networks, question, dropped);
    case 'guide':
      return guide(networks, question);
    case 'motion': {
      const { from, to } = question;
      return { from, to, error: motionError(from, to, await flowBetween(networks, from, to)) };
    }
    case 'key':
      return makeKey(networks, question);
    case 'carry':
      return carryFrame(networks, question);
    case 'vector':
      return (await networks.run(MODELS.vector, { style_image: pictureTensor(question.picture) })).floats('style');
  }
}

/** A frame no larger than its guide is its own: two pictures all the same, since each is handed over for itself. */
async function guide(networks: Networks, { frame, generator }: Questions['guide']['question']): Promise<{ frame: RgbFrame; low: RgbFrame }> {
  const low = await guideOf(networks, generator, frame);
  return { frame, low: low === frame ? { ...frame, data: frame.data.slice() } : low };
}
