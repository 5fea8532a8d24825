/** The style worker: the models of one look on one thread, frames in, frames out. */
import { serveProgram } from '../inference/program-host.ts';
import { answerQuestion } from './answers.ts';
import { Networks } from './networks.ts';
import type { Question } from './questions.ts';
import { buffersIn } from './transfer.ts';

serveProgram(async (setup) => {
  const networks = new Networks(setup);
  return Promise.resolve({
    answer: (question, dropped) => answerQuestion(networks, question as Question, dropped),
    buffers: buffersIn,
    close: () => networks.close(),
  });
});
