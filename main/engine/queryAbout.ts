/** What a query is about: "where they talk about money" asks for money, and its frame would only be in the way. */

const WHO = '(?:they|he|she|we|you|i|it|people|someone|somebody|anyone|the (?:speakers?|people|guests?|hosts?|teachers?))';
const SAYS = '(?:talk(?:s|ed|ing)?|speak(?:s|ing)?|spoke|say(?:s|ing)?|said|mention(?:s|ed|ing)?|discuss(?:es|ed|ing)?|explain(?:s|ed|ing)?|describe[sd]?|tell(?:s|ing)?|told|argue[sd]?(?: about)?)';
const PLACE = '(?:(?:find|show|show me|search for) )?(?:the |all the |every )?(?:parts?|bits?|moments?|places?|scenes?|sections?|time|times|shots?)?';

const ENGLISH = new RegExp(`^${PLACE} ?(?:where|when|in which)? ?(?:(?:do|does|did|are|is|was|were) )?${WHO} ?(?:(?:are|is|was|were) )?${SAYS}(?: (?:us|me|them|something|anything))? ?(?:about|of|on|that|how|why)? (.+)$`, 'iu');
const NOUN = new RegExp('^(?:(?:find|show|show me|search for) )?(?:the |all the |every )?(?:parts?|bits?|moments?|places?|scenes?|sections?|discussion|conversation)s? (?:about|on|of|with) (.+)$', 'iu');
const CHINESE = /^(?:(?:在|从)?(?:哪里|哪儿|什么地方|何处))?(?:他们|她们|他|她|我们|大家|有人|谁)?(?:在)?(?:哪里|哪儿|什么地方)?(?:谈到|谈及|谈论|提到|提及|讨论|说到|讲到|说起|讲述|聊到)(?:了|过)?(?:关于)?(.+?)(?:的?(?:地方|部分|片段|段落|内容|时候|那段))?[？?]?$/u;

const UNFINISHED: ReadonlySet<string> = new Set(['about', 'of', 'on', 'that', 'how', 'why', 'with', 'to', '关于']);

/** The query's own words where it has such a frame, English or Chinese; else the query. Never empty. */
export function aboutOf(query: string): string {
  for (const frame of [ENGLISH, NOUN, CHINESE]) {
    const rest = frame.exec(query)?.[1]?.replace(/[?？.。!！]+$/u, '').trim();
    // "they talk about" is not finished yet: people type on.
    if (rest && !UNFINISHED.has(rest.toLowerCase())) return rest;
  }
  return query;
}
