/**
 * Words that belong to what follows or begin something new: where lines and cues may be broken. The classes are those of Netflix's line treatment
 * (General Requirements 5: break after punctuation, before conjunctions, before prepositions; don't part a noun from its article, a first name from a
 * last name, a verb from its subject pronoun, auxiliary or negation, a prepositional verb from its preposition).
 */
const list = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

export const ENGLISH = {
  /** Articles, determiners and possessives: a noun must follow. */
  article: list('a an the my your our their every whose his its no'),
  /** Those that can also stand alone. */
  pointer: list('this that these those her each some any another either neither which what such more most many few several all both one two three four five six seven eight nine ten'),
  /** The commonest adjectives before a noun, after Netflix's “a noun from an adjective”; without a grammar no list is whole. */
  adjective: list('other own same new old good great best better big large small little long short high low whole entire next last first second third young early late real true main major important different certain final full human public national american only'),
  preposition: list(
    'of in on at to from by with for about into over after under between through during before against without within among amongst around near across behind beyond beside besides despite except inside outside onto upon toward towards until till since than as like via per along off regarding versus throughout unlike beneath below above',
  ),
  conjunction: list('and but or nor so yet because although though while whereas if unless whether when whenever where wherever who whom why how plus cos cause'),
  auxiliary: list(
    "am is are was were be been being have has had having do does did will would shall should can could may might must ought cannot gonna gotta wanna let's isn't aren't wasn't weren't haven't hasn't hadn't don't doesn't didn't won't wouldn't shan't shouldn't can't couldn't mightn't mustn't ain't not never very too quite really just",
  ),
  /** A verb follows a subject; `you` and `it` are objects too. */
  pronoun: list('i he she we they'),
  eitherPronoun: list('you it there'),
  title: list('mr mrs ms miss dr prof professor sir lord lady president king queen captain saint st general senator mister doctor'),
} as const;

/** Abbreviations whose full stop ends no sentence. */
export const ABBREVIATIONS = list('mr mrs ms dr prof st sr jr vs etc e.g i.e gen sen rep gov capt lt col sgt mt ft dept inc ltd co corp approx fig vol al a.m p.m');

export const CHINESE = {
  /** Never at the start of a line: they lean on the word before. */
  trailing: list('的 地 得 了 着 过 吗 呢 吧 啊 呀 嘛 么 哦 啦 哪 们 之 里 上 下 中 内 外 后 前 时 等 们的 来说 的话 之后 之前 以后 以前'),
  /** Never at the end of a line: what they govern follows. */
  leading: list('在 把 被 对 从 向 给 跟 和 与 及 或 以 于 为 由 让 叫 使 将 按 比 不 没 没有 很 也 都 就 还 太 更 最 再 又 才 只 别 会 能 要 想 可以 应该 必须 可能 是 一个 这个 那个 这 那 每 每个 各 第 几 两 某 所 而 并'),
  conjunction: list('但是 但 可是 不过 然而 因为 所以 因此 如果 要是 虽然 尽管 而且 并且 或者 还是 然后 于是 只要 只有 除非 无论 不管 以及 而是 同时 另外 否则'),
} as const;

/** Japanese particles and endings that never begin a line. */
export const JAPANESE_TRAILING = list('は が を に で と も の へ や か ね よ な から まで より です ます でした ました だ た て って ので のに けど');
