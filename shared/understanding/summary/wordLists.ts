/** Words that a summary goes by, for each language that has a list; the others go by meaning, place and length alone. */
import { primaryLanguage } from '../../captions/languageCodes.ts';

export interface WordLists {
  /** Said while thinking, and nothing by themselves. */
  fillers: ReadonlySet<string>;
  /** What a spoken sentence opens with before it says something; longest first. */
  openers: readonly (readonly string[])[];
  /** Point at persons and things that only the neighbours name: a sentence full of them can't stand alone. */
  pronouns: ReadonlySet<string>;
  /** Articles, prepositions, copulas: what written language has more of than spoken. */
  written: ReadonlySet<string>;
  /** A sentence that begins with one, and is no question, is a part of another. */
  beginsOpen: ReadonlySet<string>;
  /** The same, where no comma shows that the main clause follows. */
  beginsClause: ReadonlySet<string>;
  /** A sentence that ends in one was broken off. */
  endsOpen: ReadonlySet<string>;
  /** Too common to be what a text is about. */
  stop: ReadonlySet<string>;
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));
const phrases = (list: string): readonly (readonly string[])[] =>
  list
    .split(', ')
    .map((phrase) => phrase.split(' '))
    .sort((a, b) => b.length - a.length);

const ENGLISH_PRONOUNS =
  "i me my mine myself you your yours yourself he him his himself she her hers herself it its itself we us our ours ourselves they them their theirs themselves this that these those here there one ones something anything everything someone anyone thing things stuff i'm i've i'd i'll you're you've you'd you'll he's she's it's we're we've we'd we'll they're they've they'd they'll that's there's what's who's let's don't doesn't didn't can't couldn't won't wouldn't isn't aren't wasn't weren't haven't hasn't hadn't shouldn't";
const ENGLISH_WRITTEN =
  'the a an of in on at by for with from to into onto about between among through during within without under over against across towards upon as than is are was were be been being has have had which whose where while whether';

const ENGLISH: WordLists = {
  fillers: set('uh um uhm umm hmm hm mm mmm mhm uh-huh huh er erm ah oh eh mm-hmm uh-oh ugh hah'),
  openers: phrases(
    'yeah, yep, yes, no, nope, ok, okay, right, alright, so, well, but, and, or, because, cause, now, then, like, anyway, actually, basically, i mean, you know, i think, i guess, i suppose, sort of, kind of, of course, all right, i see, that is, you see, let me see, let us see, to be honest, exactly, sure, also, first of all, i think that, i believe, i believe that, as i said, as i say, in fact, yeah but, at the moment, thank you, thanks, thank you very much',
  ),
  pronouns: set(ENGLISH_PRONOUNS),
  written: set(ENGLISH_WRITTEN),
  beginsOpen: set('where which who whom whose whereas than of to from into till until whether except depending regarding'),
  beginsClause: set('if when because cause since although though unless once while as'),
  endsOpen: set(
    "the a an and or but if because so of to is are was were be been my your our their his its than that which whose while very from as into we i they he she it's that's there's we're i'm they're you're i'd we'd it'd don't can't the like for with really just also when where whether probably maybe between about would could should will might not",
  ),
  stop: set(
    `${ENGLISH_PRONOUNS} ${ENGLISH_WRITTEN} and or but if so not no yes do does did done doing can could will would shall should may might must just very really quite too also only even much many more most some any all both each few other such own same what who whom when why how again then once because until up down out off below above before after further now well okay ok yeah like know think mean get got go going gonna wanna want say said says see look make made let put take come way lot kind sort bit maybe actually basically probably right good people time need use used using first second two three new still back yet ever never always often however therefore thus per via etc yep yup thank thanks cause enough fair nice ten twenty thirty hundred thousand im youre dont thats its`,
  ),
};

const CHINESE_PRONOUNS = '我 你 您 他 她 它 我们 你们 他们 她们 它们 咱 咱们 这 那 这个 那个 这些 那些 这样 那样 这里 那里 这边 那边 哪 谁 什么 怎么 自己 大家 人家 有的 东西';
const CHINESE_WRITTEN = '的 之 于 以 在 从 由 对 对于 关于 为 为了 与 和 及 以及 是 即 将 把 被 并 而 其 所 因 因此 通过 根据 按照 其中';
const CHINESE: WordLists = {
  fillers: set('嗯 呃 啊 哦 噢 唉 哎 诶 欸 呀 嘛 哈 唔 额'),
  openers: phrases('那么, 那, 然后, 所以, 就是, 就是说, 其实, 对, 对的, 好, 好的, 好吧, 是的, 没错, 这个, 那个, 我觉得, 我认为, 我想, 你知道, 怎么说, 怎么说呢, 总之, 反正, 但是, 不过, 而且, 因为, 另外, 首先, 当然, 的话'),
  pronouns: set(CHINESE_PRONOUNS),
  written: set(CHINESE_WRITTEN),
  beginsOpen: set('的 了 的话'),
  beginsClause: set('因为 如果 虽然 由于 当'),
  endsOpen: set('因为 但是 然后 所以 就是 而且 或者 如果 和 跟 与 把 被 在 对 从 比如 比如说 一个 这个 那个'),
  stop: set(
    `${CHINESE_PRONOUNS} ${CHINESE_WRITTEN} 了 着 过 吗 呢 吧 啊 嗯 呃 都 也 就 还 又 再 很 太 更 最 非常 比较 不 没 没有 有 会 能 可以 可能 应该 要 想 去 来 到 说 讲 看 做 用 给 让 跟 上 下 里 中 一 一个 一些 一下 一点 两 三 几 多 少 个 些 种 次 年 月 日 时候 现在 今天 明天 昨天 但是 但 所以 如果 因为 然后 就是 还是 或者 或 只 只是 已经 觉得 认为 知道 问题 事情 情况 方面 时间 需要 进行 比如 这种 那种 一样 不是 不会 不能 还有 出来 起来 下来 过来 开始`,
  ),
};

const JAPANESE: WordLists = {
  fillers: set('えー えーと ええと あの あのー その まあ うん うーん'),
  openers: phrases('はい, ええ, そうですね, それで, じゃあ, では, でも, だから'),
  pronouns: set('私 僕 俺 あなた 彼 彼女 これ それ あれ この その あの ここ そこ あそこ どれ どこ もの こと'),
  written: set('の に を は が で と から まで より である です ます'),
  beginsOpen: set('の に を は が'),
  beginsClause: set('もし'),
  endsOpen: set('の に を は が で と'),
  stop: set('の に を は が で と から まで より も や へ な だ です ます でした ました する した して いる ある こと もの これ それ あれ この その あの ここ そこ ため よう さん ない なる なっ れ られ て た し い う ん か ね よ'),
};

const LISTS: Readonly<Record<string, WordLists>> = { en: ENGLISH, zh: CHINESE, yue: CHINESE, ja: JAPANESE };

/** The lists of a BCP 47 language; null where there are none. */
export function wordListsOf(language: string): WordLists | null {
  return LISTS[primaryLanguage(language)] ?? null;
}

/** Chinese words of nothing but such characters (之内, 的是, 都在) say nothing by themselves, however they are put together. */
const FUNCTION_CHARACTERS = /^[的了着过得地之是在有和与及或而且内外上下里中间前后都也就还又再很太更最不没无个些种次这那其所以为于从到把被让给对向会能要可我你您他她它们]+$/u;
/** Verbs of no content in a form of their own, which lists of stop words leave out. */
const EMPTY_VERBS = set('came went gone took taken gave given told asked found left kept brought called seemed became happened started began');

/** The word alone is no theme of a text, though it may be part of what is said about one. */
export const isEmptyWord = (lower: string): boolean => FUNCTION_CHARACTERS.test(lower) || EMPTY_VERBS.has(lower);
