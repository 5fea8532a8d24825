/**
 * `eval language`, answers: how well the least score parts questions that a text answers from those it doesn't. English: the topics of the QMSum meetings over
 * their own meeting and over one of another domain. Chinese: questions of our own, over ten sentences with the answer (in other words) among them, and over ten others.
 */
import type { Sentence } from '../../../shared/understanding/types.ts';
import { ask, LEAST } from '../../analysis/language/ask.ts';
import type { LanguageEncoder } from '../../analysis/language/encoder.ts';
import type { Figure } from '../table.ts';
import { turnsAsSentences, type SearchMeeting } from './search.ts';

export interface AskedMeeting extends SearchMeeting {
  domain: string;
}

/** A question, and a sentence that answers it in other words. */
const CHINESE: readonly (readonly [question: string, answer: string])[] = [
  ['会议定在几点开始？', '明天的会议改到下午三点开始。'],
  ['这个项目的预算是多少？', '我们一共有五十万元可以花，不能再多了。'],
  ['谁负责写报告？', '最后的总结由王老师来写，周五交上来。'],
  ['新产品什么时候上市？', '我们打算在明年春天把它推向市场。'],
  ['办公室搬到哪里了？', '上个月我们搬进了火车站旁边的那栋新楼。'],
  ['为什么推迟发布？', '电池的供应商出了问题，所以只能晚两个月。'],
  ['外壳用什么材料做？', '设计组建议用橡胶，摸起来手感比较好。'],
  ['公司有多少员工？', '现在我们一共有三百二十个人在上班。'],
  ['怎样才能睡得好一点？', '医生说睡前一小时不要看手机，房间要保持黑暗。'],
  ['这座桥是什么时候建成的？', '大桥在一九六八年正式通车。'],
  ['他小时候住在哪里？', '我是在四川的一个小村子里长大的。'],
  ['做这道菜需要放多少盐？', '出锅前撒一小勺盐就够了，不要太咸。'],
  ['学生们最喜欢哪门课？', '调查下来，大家最爱上的是体育。'],
  ['火车票多少钱一张？', '从北京到上海二等座要五百多块。'],
  ['这种药有什么副作用？', '有些病人吃了以后会头晕，还会觉得恶心。'],
  ['比赛最后谁赢了？', '加时赛里红队进了一个球，拿下了冠军。'],
  ['机器学习需要什么样的数据？', '训练模型要有大量标注好的样本。'],
  ['气候变化会带来什么影响？', '海平面会上升，极端天气也会越来越多。'],
  ['怎么申请退款？', '在订单页面点一下售后，三天之内钱就会退回来。'],
  ['孩子几岁可以上学？', '满六周岁的儿童九月份就能入学了。'],
];

const NO_LANGUAGE = 'qaa';

/** Best scores of the questions. */
interface Scores {
  answered: number[];
  unanswered: number[];
}

/** Each threshold of the app with its errors, and the one that would err least here. */
export async function evaluateAnswers(meetings: readonly AskedMeeting[], encoder: LanguageEncoder): Promise<Figure[]> {
  return [
    ...figuresOf('English', LEAST.minilm, await scoresOfMeetings(meetings, 'en', encoder)),
    // Told to be of a language that no encoder knows (a private one), a text has words alone.
    ...figuresOf('words alone', LEAST.words, await scoresOfMeetings(meetings, NO_LANGUAGE, encoder)),
    ...figuresOf('Chinese', LEAST.e5, await scoresOfPairs(encoder)),
  ];
}

async function scoresOfMeetings(meetings: readonly AskedMeeting[], language: string, encoder: LanguageEncoder): Promise<Scores> {
  const scores: Scores = { answered: [], unanswered: [] };
  for (const [i, meeting] of meetings.entries()) {
    const foreign = meetings.filter(({ domain }) => domain !== meeting.domain);
    const other = foreign[i % foreign.length];
    if (!other) throw new Error('the meetings are of one domain: nothing is unanswered');
    for (const { topic } of meeting.topics) {
      scores.answered.push(await bestScore(topic, turnsAsSentences(meeting.turns), language, encoder));
      scores.unanswered.push(await bestScore(topic, turnsAsSentences(other.turns), language, encoder));
    }
  }
  return scores;
}

async function scoresOfPairs(encoder: LanguageEncoder): Promise<Scores> {
  const scores: Scores = { answered: [], unanswered: [] };
  const half = CHINESE.length / 2;
  const texts = [CHINESE.slice(0, half), CHINESE.slice(half)].map((pairs) => pairs.map(([, text], line): Sentence => ({ text, start: null, end: null, speaker: null, line })));
  for (const [i, [question]] of CHINESE.entries()) {
    const own = i < half ? 0 : 1;
    scores.answered.push(await bestScore(question, texts[own] ?? [], 'zh', encoder));
    scores.unanswered.push(await bestScore(question, texts[1 - own] ?? [], 'zh', encoder));
  }
  return scores;
}

async function bestScore(question: string, sentences: Sentence[], language: string, encoder: LanguageEncoder): Promise<number> {
  const { answers, method } = await ask({ question, language, sentences, limit: 5 }, encoder);
  if ((method === 'words') !== (language === NO_LANGUAGE)) throw new Error(`${language} was answered by ${method}`);
  return Math.max(0, ...answers.map(({ score }) => score));
}

function figuresOf(name: string, least: number, scores: Scores): Figure[] {
  const thresholds = Array.from({ length: 200 }, (_, i) => i / 200);
  const best = thresholds.reduce((kept, each) => (balanced(scores, each) < balanced(scores, kept) ? each : kept));
  const { missed, invented } = errorsAt(scores, least);
  const told = { unit: '', target: null };
  return [
    { name: `answers, ${name}: answered, but said to be not found, below ${least}`, value: missed, ...told },
    { name: `answers, ${name}: not answered, but said to be found`, value: invented, ...told },
    { name: `answers, ${name}: threshold that errs least`, value: best, reference: { name: 'error', value: balanced(scores, best) }, ...told },
  ];
}

function errorsAt({ answered, unanswered }: Scores, least: number): { missed: number; invented: number } {
  return { missed: answered.filter((score) => score < least).length / answered.length, invented: unanswered.filter((score) => score >= least).length / unanswered.length };
}

function balanced(scores: Scores, least: number): number {
  const { missed, invented } = errorsAt(scores, least);
  return (missed + invented) / 2;
}
